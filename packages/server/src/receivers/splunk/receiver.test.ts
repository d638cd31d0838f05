import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyChecker } from "../../http/access.ts";
import { createApp } from "../../http/app.ts";
import { type CapturingIntake, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { HecDecoder } from "./decoder.ts";
import { registerSplunk } from "./receiver.ts";

const NOW = 1_700_000_000_000_000_000n;
const CHANNEL = "5b6b2f3e-7d0c-4b7e-9a63-2f1f1f0a9c11";

let intake: CapturingIntake;
let app: ReturnType<typeof createApp>;
let isReady: boolean;

function start(authToken: string | null): void {
  intake = capturingIntake();
  isReady = true;
  const context = receiverContext(intake, { isKey: keyChecker(authToken), isReady: () => isReady });
  app = createApp({ authToken, log: context.log });
  registerSplunk(app, context);
}
beforeEach(() => start(null));
afterEach(() => app.close());

async function post(path: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  const response = await app.inject({ method: "POST", url: `/services/collector${path}`, payload, headers });
  return { status: response.statusCode, ...(response.json() as object) };
}

describe("an event", () => {
  const attributesOf = (pairs: readonly string[]) =>
    Object.fromEntries(Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i], pairs[2 * i + 1]]));

  it.each<[string, object, object, Record<string, string>]>([
    [
      "of text",
      { event: "level=error msg=gone code=7" },
      { body: "gone", severityNumber: 17 },
      { code: "7" },
    ],
    [
      "with meta fields",
      {
        event: "hello",
        time: "1763721667.123456",
        host: "web-1",
        source: "a.log",
        sourcetype: "st",
        index: "main",
      },
      { body: "hello", timestamp: 1_763_721_667_123_456_000n, resource: { host: "web-1" } },
      { "com.splunk.source": "a.log", "com.splunk.sourcetype": "st", "com.splunk.index": "main" },
    ],
    [
      "of an object",
      { event: { msg: "late", level: "warn", user: { id: 7 }, service: "shop" } },
      { body: "late", severityNumber: 13, resource: { serviceName: "shop" } },
      { "user.id": "7" },
    ],
    ["of an object without a message", { event: { a: 1 } }, { body: '{"a":1}' }, { a: "1" }],
    ["of a list", { event: [1, 2] }, { body: "[1,2]" }, {}],
    [
      "with indexed fields",
      { event: "hello", fields: { severity: "ERROR", region: ["eu", "us"], "service.name": "shop" } },
      { body: "hello", severityNumber: 17, resource: { serviceName: "shop" } },
      { region: '["eu","us"]' },
    ],
    [
      "of Docker's driver",
      {
        event: { line: "level=warn msg=full", source: "stderr", tag: "4f2a", attrs: { com: "x" } },
        host: "node-1",
      },
      { body: "full", severityNumber: 13, resource: { host: "node-1" } },
      { "log.iostream": "stderr", "docker.tag": "4f2a", "attrs.com": "x" },
    ],
    [
      "whose text has a time and a host of its own",
      {
        event: { message: "m", time: "2026-01-01T00:00:00Z", host: "inner" },
        time: 1763721667,
        host: "outer",
      },
      { timestamp: 1_763_721_667_000_000_000n, resource: { host: "inner" } },
      { "log.line_time": "2026-01-01T00:00:00.000Z", "com.splunk.host.name": "outer" },
    ],
    [
      "with a stack trace",
      { event: "TypeError: no such thing\n    at main (app.js:1:2)\n    at run (app.js:9:9)" },
      { severityNumber: 17 },
      {
        "exception.type": "TypeError",
        "exception.message": "no such thing",
        "exception.stacktrace": "TypeError: no such thing\n    at main (app.js:1:2)\n    at run (app.js:9:9)",
      },
    ],
    ["with a field that HEC doesn't know", { event: "x", extra: { a: true } }, {}, { "extra.a": "true" }],
  ])("%s", async (_name, event, record, attributes) => {
    expect(await post("/event", JSON.stringify(event))).toMatchObject({ status: 200, code: 0 });
    expect(intake.logs).toMatchObject([record]);
    expect(attributesOf(intake.logs[0]!.attributes)).toEqual(attributes);
  });

  it("without a time has that of the one before it", async () => {
    await post("", '{"event":"a"}{"event":"b","time":1763721667.5} {"event":"c"}');
    expect(intake.logs.map((log) => log.timestamp)).toEqual([
      NOW,
      1_763_721_667_500_000_000n,
      1_763_721_667_500_000_000n,
    ]);
  });

  it("may come compressed", async () => {
    await post("/event/1.0", gzipSync('{"event":"hello"}'), { "content-encoding": "gzip" });
    expect(intake.logs).toMatchObject([{ body: "hello" }]);
  });
});

describe("a raw request", () => {
  it("is a record a line, with what the query says", async () => {
    const answer = await post(
      "/raw?host=web-1&source=a.log&time=1763721667",
      "one\n\n2026-01-01 00:00:00 WARN two\r\n",
    );
    expect(answer).toEqual({ status: 200, text: "Success", code: 0 });
    expect(intake.logs).toMatchObject([
      { body: "one", timestamp: 1_763_721_667_000_000_000n, resource: { host: "web-1" } },
      { body: "two", severityNumber: 13, timestamp: 1_763_721_667_000_000_000n },
    ]);
    expect(intake.logs[1]!.attributes).toEqual([
      ...["com.splunk.source", "a.log", "log.line_time", "2026-01-01T00:00:00.000Z"],
    ]);
  });
});

describe("HEC answers", () => {
  it.each<[string, string, string, object]>([
    ["no data", "/event", "", { status: 400, text: "No data", code: 5 }],
    ["no JSON", "/event", "hello", { status: 400, code: 6, "invalid-event-number": 0 }],
    [
      "no event",
      "/event",
      '{"event":"a"}{"time":1}',
      { status: 400, code: 12, "invalid-event-number": 1, accepted: 1 },
    ],
    ["a blank event", "/event", '{"event":""}', { status: 400, code: 13, "invalid-event-number": 0 }],
    ["bad fields", "/event", '{"event":"a","fields":[1]}', { status: 400, code: 15 }],
    ["a channel that is none", "/event?channel=x", '{"event":"a"}', { status: 400, code: 11 }],
    ["acks without a channel", "/ack", '{"acks":[1]}', { status: 400, code: 10 }],
    ["acks that are none", `/ack?channel=${CHANNEL}`, '{"acks":["a"]}', { status: 400, code: 6 }],
    ["no data, raw", "/raw", "\n", { status: 400, code: 5 }],
  ])("%s", async (_name, path, body, expected) => expect(await post(path, body)).toMatchObject(expected));

  it("with an ackId on a channel, which is acknowledged, and others not", async () => {
    const headers = { "x-splunk-request-channel": CHANNEL };
    const { ackId } = (await post("/event", '{"event":"a"}', headers)) as unknown as { ackId: number };
    const { acks } = (await post(
      "/ack",
      JSON.stringify({ acks: [ackId, ackId + 1] }),
      headers,
    )) as unknown as {
      acks: object;
    };
    expect(acks).toEqual({ [ackId]: true, [ackId + 1]: false });
  });

  it.each([null, "s3cret"])(
    "without a token whether it is healthy, and to Docker that it is there (asked for %s)",
    async (authToken) => {
      await app.close();
      start(authToken);
      const health = async () => {
        const response = await app.inject("/services/collector/health/1.0");
        return [response.statusCode, response.json().code];
      };
      expect(await health()).toEqual([200, 17]);
      isReady = false;
      expect(await health()).toEqual([503, 18]);
      const there = await app.inject({ method: "OPTIONS", url: "/services/collector/event/1.0" });
      expect(there.statusCode).toBe(200);
    },
  );
});

describe("where the server has a token, HEC", () => {
  beforeEach(async () => {
    await app.close();
    start("s3cret");
  });
  const basic = (password: string) => `Basic ${Buffer.from(`x:${password}`).toString("base64")}`;

  it.each<[string, string, Record<string, string>, object]>([
    ["takes it as Splunk's", "", { authorization: "Splunk s3cret" }, { status: 200, code: 0 }],
    ["takes it as Basic's password", "", { authorization: basic("s3cret") }, { status: 200, code: 0 }],
    ["takes it in the query", "?token=s3cret", {}, { status: 200, code: 0 }],
    ["asks for it", "", {}, { status: 401, text: "Token is required", code: 2 }],
    ["doesn't know other schemes", "", { authorization: "Digest x" }, { status: 401, code: 3 }],
    [
      "refuses another",
      "",
      { authorization: "Splunk other" },
      { status: 403, text: "Invalid token", code: 4 },
    ],
  ])("%s", async (_name, query, headers, expected) => {
    expect(await post(`/event${query}`, '{"event":"a"}', headers)).toMatchObject(expected);
  });
});

describe("the decoder", () => {
  it("makes records or refusals of anything", () => {
    const events = fc.array(
      fc.record(
        { event: fc.jsonValue(), time: fc.jsonValue(), host: fc.jsonValue(), fields: fc.jsonValue() },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          events.map((list) => list.map((event) => JSON.stringify(event)).join("")),
        ),
        (text) => {
          for (const kind of ["events", "raw"] as const) {
            const decoder = new HecDecoder(NOW);
            const decoded = [...decoder[kind](Buffer.from(text))].filter((record) => record !== undefined);
            expect(decoded.length).toBe(decoder.count);
            for (const record of decoded) if (record) expect(record.attributes.length % 2).toBe(0);
          }
        },
      ),
    );
  });
});
