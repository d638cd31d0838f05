import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../http/app.ts";
import { type CapturingIntake, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { DatadogDecoder } from "./decoder.ts";
import { registerDatadog } from "./receiver.ts";
import { parseTags } from "./tags.ts";

const NOW = 1_700_000_000_000_000_000n;
const JSON_TYPE = { "content-type": "application/json" };

let intake: CapturingIntake;
let app: ReturnType<typeof createApp>;
function start(authToken: string | null): void {
  intake = capturingIntake();
  const context = receiverContext(intake);
  app = createApp({ authToken, log: context.log });
  registerDatadog(app, context);
}
beforeEach(() => start(null));
afterEach(() => app.close());

async function post(url: string, payload: string, headers: Record<string, string> = JSON_TYPE) {
  const response = await app.inject({ method: "POST", url, payload, headers });
  return { status: response.statusCode, body: response.json() as unknown };
}

const attributesOf = (pairs: readonly string[]) =>
  Object.fromEntries(Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i], pairs[2 * i + 1]]));

describe("a log", () => {
  it.each<[string, object, object, Record<string, string>]>([
    [
      "with Datadog's own fields",
      {
        message: "late",
        status: "warn",
        service: "shop",
        hostname: "web-1",
        ddsource: "nodejs",
        ddtags: "env:prod,version:1.2,beta",
        timestamp: 1_763_721_667_123,
      },
      {
        body: "late",
        severityNumber: 13,
        severityText: "warn",
        timestamp: 1_763_721_667_123_000_000n,
        resource: { serviceName: "shop", host: "web-1" },
      },
      { ddsource: "nodejs", env: "prod", version: "1.2", ddtags: "beta" },
    ],
    [
      "with fields of its own, nested too",
      {
        message: "late",
        order: 7,
        user: { name: "Zoë" },
        error: { kind: "TypeError", message: "no", stack: "TypeError: no\n  at a" },
      },
      { body: "late" },
      {
        order: "7",
        "user.name": "Zoë",
        "exception.type": "TypeError",
        "exception.message": "no",
        "exception.stacktrace": "TypeError: no\n  at a",
      },
    ],
    [
      "with ids of a trace in its tags, which are decimal",
      { message: "a", ddtags: "trace_id:1234567890123456789,span_id:987654321" },
      { traceId: "0000000000000000112210f47de98115", spanId: "000000003ade68b1" },
      { "dd.trace_id": "1234567890123456789", "dd.span_id": "987654321" },
    ],
    [
      "with a line of JSON as its message, which is read",
      { message: '{"level":"error","msg":"gone","order":7}', status: "info" },
      { body: "gone", severityNumber: 9 },
      { order: "7", "log.line_level": "error" },
    ],
    [
      "with an object as its message",
      { message: { a: 1 } },
      { body: '{"message":{"a":1}}' },
      { "message.a": "1" },
    ],
    ["without a message", { a: 1 }, { body: '{"a":1}', timestamp: NOW }, { a: "1" }],
  ])("%s", async (_name, log, record, attributes) => {
    expect(await post("/api/v2/logs", JSON.stringify([log]))).toEqual({ status: 202, body: {} });
    expect(intake.logs).toMatchObject([record]);
    expect(attributesOf(intake.logs[0]!.attributes)).toEqual(attributes);
  });

  it("takes from the query what it doesn't say itself", async () => {
    const query = "service=all&hostname=web-1&ddsource=node&ddtags=env:prod,team:a";
    await post(`/v1/input/KEY?${query}`, JSON.stringify({ message: "a", service: "own", ddtags: "team:b" }));
    expect(intake.logs).toMatchObject([{ resource: { serviceName: "own", host: "web-1" } }]);
    expect(attributesOf(intake.logs[0]!.attributes)).toMatchObject({
      env: "prod",
      ddsource: "node",
      "datadog.request.service.name": "all",
    });
  });
});

describe("Datadog's intakes take", () => {
  it.each<[string, string, string, Record<string, string>, number, string[]]>([
    ["a list", "/api/v2/logs", '[{"message":"a"},{"message":"b"}]', JSON_TYPE, 202, ["a", "b"]],
    ["one log", "/v1/input", '{"message":"a"}', JSON_TYPE, 200, ["a"]],
    ["logs behind each other", "/v1/input", '{"message":"a"}\n{"message":"b"}', JSON_TYPE, 200, ["a", "b"]],
    ["a sign of life", "/api/v2/logs", "{}", JSON_TYPE, 202, []],
    ["an empty list", "/api/v2/logs", "[]", JSON_TYPE, 202, []],
    ["lines", "/api/v2/logs", "a\n\nb\n", { "content-type": "text/plain" }, 202, ["a", "b"]],
  ])("%s", async (_name, url, body, headers, status, texts) => {
    expect(await post(url, body, headers)).toEqual({ status, body: {} });
    expect(intake.logs.map((log) => log.body)).toEqual(texts);
  });

  it("what is good beside what is none, and say so", async () => {
    expect(await post("/api/v2/logs", '[1,{"message":"a"}]')).toEqual({
      status: 400,
      body: {
        errors: [{ status: "400", title: "Error", detail: "1 of 2 logs could not be read; 1 are stored" }],
      },
    });
  });

  it("the check of a key", async () => {
    expect((await app.inject("/api/v1/validate")).json()).toEqual({ valid: true });
  });
});

describe("where the server has a token, Datadog's intakes", () => {
  beforeEach(async () => {
    await app.close();
    start("s3cret");
  });
  it.each<[string, string, Record<string, string>, number]>([
    ["take it in their header", "/api/v2/logs", { "dd-api-key": "s3cret" }, 202],
    ["take it in the query", "/api/v2/logs?dd-api-key=s3cret", {}, 202],
    ["take it in the path", "/v1/input/s3cret", {}, 200],
    ["refuse another", "/api/v2/logs", { "dd-api-key": "other" }, 403],
    ["ask for it", "/api/v2/logs", {}, 401],
  ])("%s", async (_name, url, headers, status) => {
    const answer = await post(url, '{"message":"a"}', { ...JSON_TYPE, ...headers });
    expect(answer.status).toBe(status);
    if (status > 300) expect(answer.body).toMatchObject({ errors: [{ status: String(status) }] });
  });
});

it.each([
  ["", []],
  ["env:prod, team:a", ["env", "prod", "team", "a"]],
  ["team:a,beta,team:b:c,:x,", ["team", "a,b:c", "ddtags", "beta,:x"]],
])("the tags %s are %j", (text, expected) => expect(parseTags(text)).toEqual(expected));

it("the decoder makes records or refusals of anything", () => {
  const log = fc.record(
    {
      message: fc.jsonValue(),
      ddtags: fc.oneof(fc.string(), fc.jsonValue()),
      status: fc.jsonValue(),
      x: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(log).map((logs) => JSON.stringify(logs)),
  );
  fc.assert(
    fc.property(texts, fc.string(), (text, ddtags) => {
      const decoder = new DatadogDecoder(NOW, { ddtags });
      for (const kind of ["json", "lines"] as const) {
        for (const record of decoder[kind](Buffer.from(text))) {
          if (record) expect(record.attributes.length % 2).toBe(0);
        }
      }
    }),
  );
});
