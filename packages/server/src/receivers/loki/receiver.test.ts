import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../http/app.ts";
import { type CapturingIntake, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { decodeJson } from "./json.ts";
import { decodeProtobuf } from "./protobuf.ts";
import { registerLoki } from "./receiver.ts";
import { compressSnappy, pushJson, pushRequest, type TestEntry } from "./testing/push-request.ts";

const NOW = 1_700_000_000_000_000_000n;
const PROTOBUF = { "content-type": "application/x-protobuf" };
const JSON_TYPE = { "content-type": "application/json" };

let intake: CapturingIntake;
let app: ReturnType<typeof createApp>;
let isReady: boolean;
beforeEach(() => {
  intake = capturingIntake();
  isReady = true;
  const context = receiverContext(intake, { isReady: () => isReady });
  app = createApp({ authToken: null, log: context.log });
  registerLoki(app, context);
});
afterEach(() => app.close());

async function push(payload: string | Buffer, headers: Record<string, string>, path = "/loki/api/v1/push") {
  const response = await app.inject({ method: "POST", url: path, payload, headers });
  return { status: response.statusCode, text: response.body };
}

const attributesOf = (pairs: readonly string[]) =>
  Object.fromEntries(Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i], pairs[2 * i + 1]]));

const labelsText = (labels: Readonly<Record<string, string>>) =>
  `{${Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`)}}`;

const cases: [string, Record<string, string>, TestEntry, object, Record<string, string>][] = [
  [
    "a line, with its time to the nanosecond",
    { job: "shop", filename: "/a.log" },
    { line: "hello", time: 1_763_721_667_123_456_789n },
    {
      body: "hello",
      timestamp: 1_763_721_667_123_456_789n,
      severityNumber: 0,
      resource: { serviceName: "shop" },
    },
    { job: "shop", filename: "/a.log" },
  ],
  [
    "labels that have a column",
    { service_name: "shop", host: "web-1", level: "warning" },
    { line: "late" },
    { body: "late", severityNumber: 13, resource: { serviceName: "shop", host: "web-1" } },
    {},
  ],
  [
    "structured metadata",
    { job: "shop" },
    { line: "late", metadata: { trace_id: "ab".repeat(16), user: "Zoë", detected_level: "error" } },
    { severityNumber: 17, traceId: "ab".repeat(16) },
    { user: "Zoë", detected_level: "error", job: "shop" },
  ],
  [
    "a line of JSON, whose own time is another",
    { level: "info" },
    { line: '{"level":50,"msg":"gone","time":1700000000000,"order":7}', time: 1_763_721_667_000_000_000n },
    { body: "gone", severityNumber: 9, timestamp: 1_763_721_667_000_000_000n },
    { order: "7", "log.line_time": "2023-11-14T22:13:20.000Z", "log.line_level": "ERROR" },
  ],
  [
    "a line with a stack trace",
    {},
    { line: "TypeError: no\n    at main (app.js:1:2)" },
    { severityNumber: 17 },
    {
      "exception.type": "TypeError",
      "exception.message": "no",
      "exception.stacktrace": "TypeError: no\n    at main (app.js:1:2)",
    },
  ],
];

describe.each([
  [
    "protobuf",
    (labels: Record<string, string>, entry: TestEntry) =>
      push(compressSnappy(pushRequest(labelsText(labels), [entry])), PROTOBUF),
  ],
  ["JSON", (labels: Record<string, string>, entry: TestEntry) => push(pushJson(labels, [entry]), JSON_TYPE)],
])("%s keeps", (_name, send) => {
  it.each(cases)("%s", async (_case, labels, entry, record, attributes) => {
    expect(await send(labels, entry)).toEqual({ status: 204, text: "" });
    expect(intake.logs).toMatchObject([record]);
    expect(attributesOf(intake.logs[0]!.attributes)).toEqual(attributes);
  });
});

describe("Loki's push takes", () => {
  it("JSON that is too large to be parsed in one go, all the same", async () => {
    const entries = Array.from({ length: 2000 }, (_, i) => ({ line: `${i} ${"x".repeat(100)}` }));
    expect(await push(pushJson({ host: "web-1" }, entries), JSON_TYPE)).toMatchObject({ status: 204 });
    expect(intake.logs.map((log) => log.body)).toEqual(entries.map((entry) => entry.line));
    expect(intake.logs[0]).toMatchObject({ resource: { host: "web-1" } });
  });

  it("labels that can't be read, as they are", async () => {
    await push(compressSnappy(pushRequest("{oops", [{ line: "a" }])), PROTOBUF);
    expect(intake.logs[0]!.attributes).toEqual(["loki.labels", "{oops"]);
  });

  it("gzip, and snappy that is named as a coding", async () => {
    await push(gzipSync(pushJson({}, [{ line: "a" }])), { ...JSON_TYPE, "content-encoding": "gzip" });
    const body = compressSnappy(pushRequest("{}", [{ line: "b" }]));
    expect(await push(body, { ...PROTOBUF, "content-encoding": "snappy" })).toMatchObject({ status: 204 });
    expect(intake.logs.map((log) => log.body)).toEqual(["a", "b"]);
  });

  it("the form of the old path", async () => {
    const entries = [{ ts: "2025-11-21T10:41:07.123456789Z", line: "hello" }];
    await push(JSON.stringify({ streams: [{ labels: '{job="x"}', entries }] }), JSON_TYPE, "/api/prom/push");
    expect(intake.logs).toMatchObject([{ body: "hello", timestamp: 1_763_721_667_123_456_789n }]);
  });

  it("an entry without a time, at its arrival", async () => {
    await push(compressSnappy(pushRequest("{}", [{ line: "a", time: 0n }])), PROTOBUF);
    expect(intake.logs).toMatchObject([{ timestamp: NOW }]);
  });

  it("no streams at all", async () => {
    expect(await push('{"streams":[]}', JSON_TYPE)).toMatchObject({ status: 204 });
  });
});

it.each<[string, string | Buffer, Record<string, string>]>([
  ["protobuf", compressSnappy(pushRequest("{}", [{ line: "a" }])), PROTOBUF],
  ["JSON", pushJson({}, [{ line: "a" }]), JSON_TYPE],
])("the tenant of %s is kept", async (_name, body, headers) => {
  await push(body, { ...headers, "x-scope-orgid": "team-a" });
  expect(intake.logs[0]!.attributes).toEqual(["loki.tenant", "team-a"]);
});

it.each<[boolean, number, string]>([
  [true, 200, "ready\n"],
  [false, 503, "not ready\n"],
])("/ready says, to whoever asks, whether the store is open: %s", async (ready, status, text) => {
  isReady = ready;
  const response = await app.inject("/ready");
  expect([response.statusCode, response.body]).toEqual([status, text]);
});

describe("Loki's push refuses", () => {
  it.each<[string, string | Buffer, Record<string, string>, number, RegExp]>([
    ["what isn't snappy", Buffer.from("hello"), PROTOBUF, 400, /snappy/],
    ["what isn't protobuf", compressSnappy(Buffer.from("hello")), PROTOBUF, 400, /protobuf/],
    ["what isn't JSON", "hello", JSON_TYPE, 400, /JSON/],
    [
      "a length that lies",
      Buffer.from([0xff, 0xff, 0xff, 0x7f, 0, 97]),
      PROTOBUF,
      400,
      /more than its bytes/,
    ],
    ["a bomb of snappy", compressSnappy(Buffer.alloc(33 << 20)), PROTOBUF, 413, /larger than/],
    [
      "a bomb of gzip",
      gzipSync(Buffer.alloc(33 << 20)),
      { ...JSON_TYPE, "content-encoding": "gzip" },
      413,
      /larger/,
    ],
    [
      "labels that dwarf the request",
      compressSnappy(pushRequest(`{a="${"x".repeat(60_000)}"}`, new Array(1000).fill({ line: "" }))),
      PROTOBUF,
      413,
      /dwarf/,
    ],
    [
      "an entry that is none, and keeps the others",
      '{"streams":[{"stream":{},"values":[1,["1763721667000000000","a"]]}]}',
      JSON_TYPE,
      400,
      /^1 of 2 entries could not be read; 1 are stored/,
    ],
  ])("%s", async (_name, body, headers, status, message) => {
    expect(await push(body, headers)).toEqual({ status, text: expect.stringMatching(message) });
  });
});

it("counts what snappy will make against the memory that requests share", async () => {
  const context = receiverContext(intake, { limits: { compressed: 1 << 20, decompressed: 1 << 20 } });
  const small = createApp({ authToken: null, log: context.log });
  registerLoki(small, context);
  const entries = Array.from({ length: 10_000 }, () => ({ line: "x".repeat(60) }));
  const payload = compressSnappy(pushRequest('{job="a"}', entries));
  expect(payload.length).toBeLessThan(1 << 18);
  const headers = PROTOBUF;
  const answers = await Promise.all(
    Array.from({ length: 6 }, () =>
      small.inject({ method: "POST", url: "/loki/api/v1/push", payload, headers }),
    ),
  );
  const statuses = new Set(answers.map(({ statusCode }) => statusCode));
  expect([...statuses].toSorted()).toEqual([204, 429]);
  await small.close();
});

describe("the decoders", () => {
  it("make records or a refusal of anything", () => {
    const stream = fc.record(
      { stream: fc.jsonValue(), labels: fc.jsonValue(), values: fc.array(fc.jsonValue()) },
      { requiredKeys: [] },
    );
    const request = fc
      .record({ streams: fc.array(stream) })
      .map((value) => Buffer.from(JSON.stringify(value)));
    const mutated = fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => {
      const bytes = pushRequest('{job="a"}', [{ line: "hello", metadata: { a: "b" } }, { line: "x" }]);
      bytes[at % bytes.length] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
          request,
          mutated,
        ),
        (bytes) => {
          for (const decode of [decodeJson, decodeProtobuf]) {
            try {
              for (const record of decode(bytes, NOW))
                if (record) expect(record.attributes.length % 2).toBe(0);
            } catch (error) {
              expect(error).toMatchObject({ code: expect.stringMatching(/BAD_REQUEST|TOO_LARGE/) });
            }
          }
        },
      ),
    );
  });
});
