import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../http/app.ts";
import { ALL_STORED } from "../../record/intake.ts";
import { type CapturingIntake, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { decodeBulk, decodeInput } from "./decoder.ts";
import { registerLoggly } from "./receiver.ts";

const NOW = 1_700_000_000_000_000_000n;

let intake: CapturingIntake;
let app: ReturnType<typeof createApp>;
function start(authToken: string | null): void {
  intake = capturingIntake();
  const context = receiverContext(intake);
  app = createApp({ authToken, log: context.log });
  registerLoggly(app, context);
}
beforeEach(() => start(null));
afterEach(() => app.close());

async function post(url: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  const response = await app.inject({ method: "POST", url, payload, headers });
  return { status: response.statusCode, ...(response.json() as object) };
}

describe("an event", () => {
  it.each<[string, string, object, string[]]>([
    ["of text", "level=warn msg=late order=7", { body: "late", severityNumber: 13 }, ["order", "7"]],
    [
      "of JSON",
      '{"timestamp":"2025-11-21T10:41:07.123Z","level":"error","message":"gone","host":"web-1","order":7}',
      {
        body: "gone",
        severityNumber: 17,
        timestamp: 1_763_721_667_123_000_000n,
        resource: { host: "web-1" },
      },
      ["order", "7"],
    ],
    [
      "of many lines",
      "TypeError: no\n    at main (app.js:1:2)\n",
      { severityNumber: 17 },
      [
        ...["exception.type", "TypeError", "exception.message", "no"],
        ...["exception.stacktrace", "TypeError: no\n    at main (app.js:1:2)"],
      ],
    ],
    ["that looks like JSON", '{"a":', { body: '{"a":' }, []],
  ])("%s", async (_name, text, record, attributes) => {
    expect(await post("/inputs/TOKEN", text)).toEqual({ status: 200, response: "ok" });
    expect(intake.logs).toMatchObject([record]);
    expect(intake.logs[0]!.attributes).toEqual(attributes);
  });

  it.each([
    ["/inputs/TOKEN/tag/http,web/", {}, ["http", "web"]],
    ["/inputs/TOKEN/tag/http", { "x-loggly-tag": "web, http" }, ["http", "web"]],
    ["/bulk/TOKEN/tag/a/", {}, ["a"]],
    ["/bulk/TOKEN/", { "x-loggly-tag": "b" }, ["b"]],
  ])("keeps its tags: %s %j", async (url, headers, tags) => {
    await post(url, "hello", headers);
    expect(intake.logs[0]!.attributes).toEqual(["loggly.tags", JSON.stringify(tags)]);
  });
});

describe("bulk takes", () => {
  it.each<[string, string, string[]]>([
    ["lines of text and JSON", 'one\r\n\n{"message":"two"}\n', ["one", "two"]],
    [
      "a list of texts and objects",
      '["one","{\\"message\\":\\"two\\"}",{"message":"three"}]',
      ["one", "two", "three"],
    ],
    ["lines that begin with a bracket", "[main] one\n[main] two", ["[main] one", "[main] two"]],
    ["nothing", "", []],
  ])("%s", async (_name, body, texts) => {
    expect(await post("/bulk/TOKEN", body)).toEqual({ status: 200, response: "ok" });
    expect(intake.logs.map((log) => log.body)).toEqual(texts);
  });

  it("Papertrail's lines under the name of Papertrail", async () => {
    const names: string[] = [];
    intake.writeLogs = async (_records, _bytes, receiver) => {
      names.push(receiver);
      return ALL_STORED;
    };
    await post("/bulk/TOKEN", "<134>1 2025-11-21T10:41:07Z web-1 shop - - - hello\n");
    await post("/bulk/TOKEN", "hello\n");
    expect(names).toEqual(["papertrail", "loggly"]);
  });
});

it("Loggly's bulk refuses a bomb", async () => {
  const bomb = gzipSync(Buffer.alloc(130 << 20));
  expect(await post("/bulk/TOKEN", bomb, { "content-encoding": "gzip" })).toMatchObject({
    status: 413,
    response: "error",
    message: expect.stringContaining("larger than"),
  });
});

describe("where the server has a token, Loggly's paths", () => {
  beforeEach(async () => {
    await app.close();
    start("s3cret");
  });
  it.each([
    ["/inputs/s3cret/tag/a/", 200],
    ["/bulk/s3cret", 200],
    ["/inputs/other", 401],
    ["/bulk/other/tag/a/", 401],
  ])("%s are answered with %i", async (url, status) => {
    expect(await post(url, "hello")).toMatchObject({ status, response: status === 200 ? "ok" : "error" });
  });
});

it("the decoders make records of anything", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.jsonValue().map((value) => JSON.stringify(value)),
      ),
      (text) => {
        const body = Buffer.from(text);
        for (const records of [decodeInput(body, [], NOW), decodeBulk(body, { tags: [], now: NOW })]) {
          for (const record of records) if (record) expect(record.attributes.length % 2).toBe(0);
        }
      },
    ),
  );
});
