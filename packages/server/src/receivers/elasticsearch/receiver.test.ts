import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../http/app.ts";
import { type CapturingIntake, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { answerBulk, BulkDecoder } from "./bulk.ts";
import { registerElasticsearch } from "./receiver.ts";

const NOW = 1_700_000_000_000_000_000n;

let intake: CapturingIntake;
let app: ReturnType<typeof createApp>;
function start(authToken: string | null): void {
  intake = capturingIntake();
  const context = receiverContext(intake);
  app = createApp({ authToken, log: context.log });
  registerElasticsearch(app, context);
}
beforeEach(() => start(null));
afterEach(() => app.close());

async function bulk(payload: string | Buffer, { url = "/_bulk", headers = {} } = {}) {
  const response = await app.inject({ method: "POST", url, payload, headers });
  return {
    status: response.statusCode,
    ...(response.json() as { errors: boolean; items: object[]; error: object }),
  };
}

const attributesOf = (pairs: readonly string[]) =>
  Object.fromEntries(Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i], pairs[2 * i + 1]]));

describe("a document", () => {
  it.each<[string, object, object, Record<string, string>]>([
    [
      "of ECS",
      {
        "@timestamp": "2025-11-21T10:41:07.123456789Z",
        log: { level: "error", logger: "shop.orders" },
        message: "gone",
        service: { name: "shop" },
        host: { name: "web-1" },
        error: { type: "TypeError", message: "no", stack_trace: "TypeError: no\n  at a" },
        trace: { id: "ab".repeat(16) },
        labels: { region: "eu" },
      },
      {
        timestamp: 1_763_721_667_123_456_789n,
        severityNumber: 17,
        body: "gone",
        traceId: "ab".repeat(16),
        resource: { serviceName: "shop", host: "web-1" },
        scope: { name: "shop.orders" },
      },
      {
        "labels.region": "eu",
        "exception.type": "TypeError",
        "exception.message": "no",
        "exception.stacktrace": "TypeError: no\n  at a",
      },
    ],
    [
      "of Filebeat, whose line is read",
      {
        "@timestamp": "2025-11-21T10:41:08Z",
        message: "2025-11-21T10:41:07Z WARN shop.orders: late",
        log: { file: { path: "/var/log/shop.log" }, offset: 7 },
        host: { name: "web-1" },
      },
      { severityNumber: 13, timestamp: 1_763_721_667_000_000_000n, resource: { host: "web-1" } },
      { "log.file.path": "/var/log/shop.log", "log.offset": "7" },
    ],
    [
      "of Fluent Bit, whose line is read",
      { "@timestamp": "2025-11-21T10:41:08Z", log: "level=error msg=gone order=7", stream: "stderr" },
      { severityNumber: 17, timestamp: 1_763_721_668_000_000_000n, body: "gone" },
      { order: "7", stream: "stderr" },
    ],
    [
      "of an application, whose message stays",
      { message: "level=error msg=gone" },
      { body: "level=error msg=gone", timestamp: NOW },
      {},
    ],
    ["without a message", { a: { b: 1 } }, { body: '{"a":{"b":1}}' }, { "a.b": "1" }],
  ])("%s", async (_name, document, record, attributes) => {
    await bulk(`{"create":{}}\n${JSON.stringify(document)}\n`);
    expect(intake.logs).toMatchObject([record]);
    expect(attributesOf(intake.logs[0]!.attributes)).toEqual(attributes);
  });

  it("keeps its index, id, pipeline and routing", async () => {
    await bulk('{"index":{"_index":"logs","_id":"7","pipeline":"p","routing":"r"}}\n{"message":"a"}');
    expect(attributesOf(intake.logs[0]!.attributes)).toEqual({
      "elasticsearch.index": "logs",
      "elasticsearch.id": "7",
      "elasticsearch.pipeline": "p",
      "elasticsearch.routing": "r",
    });
  });

  it("may be put alone", async () => {
    const response = await app.inject({
      method: "PUT",
      url: "/logs/_doc/7",
      payload: '{\n  "message": "a"\n}',
    });
    expect([response.statusCode, response.json()]).toEqual([
      201,
      { _index: "logs", _id: "7", _version: 1, result: "created", status: 201 },
    ]);
    expect(intake.logs).toMatchObject([{ body: "a" }]);
  });
});

describe("a bulk request is answered", () => {
  it("item by item", async () => {
    const { status, errors, items } = await bulk(
      [
        ...['{"index":{"_id":"a"}}', '{"message":"a"}', '{"create":{}}', "{}", "", '{"create":{}}', "[1]\r"],
        ...['{"delete":{"_id":"d"}}', '{"update":{"_id":"u"}}', '{"doc":{"message":"u"}}'],
        ...['{"update":{"_id":"v"}}', '{"doc":{"message":"v"},"doc_as_upsert":true}', ""],
      ].join("\n"),
      { url: "/logs/_bulk" },
    );
    expect([status, errors]).toEqual([200, true]);
    expect(items).toMatchObject([
      { index: { _index: "logs", _id: "a", result: "created", status: 201 } },
      { create: { _index: "logs", _id: expect.stringMatching(/./), status: 201 } },
      { create: { status: 400, error: { type: "document_parsing_exception" } } },
      { delete: { _id: "d", result: "not_found", status: 404 } },
      { update: { _id: "u", status: 404, error: { type: "document_missing_exception" } } },
      { update: { _id: "v", result: "created", status: 201 } },
    ]);
    expect(intake.logs.map((log) => log.body)).toEqual(["a", "{}", "v"]);
  });

  it("with a document that is too long as an item", async () => {
    const { items } = await bulk(
      `{"create":{}}\n{"a":"${"x".repeat(1 << 20)}"}\n{"create":{}}\n{"message":"b"}`,
    );
    expect(items).toMatchObject([{ create: { status: 413 } }, { create: { status: 201 } }]);
  });

  it("with an error for as many items as can't be stored, though which ones isn't known", async () => {
    intake.spoilNext(2);
    const documents = '{"create":{}}\n{"message":"a"}\n'.repeat(3);
    const { status, errors, items } = await bulk(`${documents}{"delete":{"_id":"d"}}\n`);
    expect([status, errors]).toEqual([200, true]);
    const error = { type: "document_parsing_exception", reason: expect.stringMatching(/^2 documents of/) };
    expect(items).toEqual([
      { create: expect.objectContaining({ result: "created", status: 201 }) },
      { create: { _index: "", _id: expect.stringMatching(/-1$/), status: 400, error } },
      { create: { _index: "", _id: expect.stringMatching(/-2$/), status: 400, error } },
      { delete: expect.objectContaining({ status: 404 }) },
    ]);
    expect(intake.logs).toHaveLength(1);
  });

  it("for a document that is put alone by a refusal where it can't be stored", async () => {
    intake.spoilNext(1);
    const response = await app.inject({ method: "POST", url: "/logs/_doc", payload: { message: "a" } });
    expect([response.statusCode, response.json().error.reason]).toEqual([
      400,
      expect.stringContaining("can't be stored"),
    ]);
  });

  it.each<[string, string | Buffer, object, number, string, RegExp]>([
    ["without an action", "hello", {}, 400, "illegal_argument_exception", /line \[1\]/],
    [
      "with an action that is none",
      '{"create":{}}\n{}\n{"drop":{}}\n{}',
      {},
      400,
      "illegal_argument_exception",
      /line \[3\]/,
    ],
    ["without a document", '{"create":{}}\n', {}, 400, "illegal_argument_exception", /missing/],
    ["with nothing in it", "\n", {}, 400, "illegal_argument_exception", /none/],
    [
      "with a long action",
      `{"create":{"_id":"${"x".repeat(17_000)}"}}\n{}`,
      {},
      400,
      "illegal_argument_exception",
      /longer/,
    ],
    [
      "that isn't gzip",
      "hello",
      { "content-encoding": "gzip" },
      400,
      "illegal_argument_exception",
      /decompressed/,
    ],
    [
      "in an unknown coding",
      "hello",
      { "content-encoding": "lz4" },
      415,
      "media_type_header_exception",
      /lz4/,
    ],
    [
      "that is a bomb",
      gzipSync(Buffer.alloc(130 << 20)),
      { "content-encoding": "gzip" },
      413,
      "content_too_long_exception",
      /larger/,
    ],
  ])("%s, as Elasticsearch words it", async (_name, body, headers, status, type, reason) => {
    expect(await bulk(body, { headers })).toMatchObject({
      status,
      error: { type, reason: expect.stringMatching(reason), root_cause: [{ type }] },
    });
    expect(intake.logs).toEqual([]);
  });
});

describe("clients that ask before they send", () => {
  const FILEBEAT = { "user-agent": "Elastic-filebeat/8.19.0 (linux; amd64)", accept: "application/json" };

  it.each<["GET" | "HEAD" | "PUT" | "POST", string, number, object]>([
    [
      "GET",
      "/",
      200,
      { tagline: "You Know, for Search", version: { number: "8.19.0", build_flavor: "default" } },
    ],
    ["GET", "/_license", 200, { license: { type: "basic", status: "active" } }],
    ["GET", "/_license?human=false", 200, { license: { type: "basic" } }],
    ["GET", "/_xpack", 200, { features: { ilm: { available: true, enabled: true } } }],
    ["GET", "/_cluster/health", 200, { status: "green" }],
    ["GET", "/_nodes/http", 200, { nodes: {} }],
    ["GET", "/_ilm/policy/filebeat", 200, {}],
    ["PUT", "/_ilm/policy/filebeat", 200, { acknowledged: true }],
    ["PUT", "/_index_template/filebeat-8.19.0", 200, { acknowledged: true }],
    ["PUT", "/_ingest/pipeline/filebeat-nginx", 200, { acknowledged: true }],
    ["PUT", "/_data_stream/filebeat-8.19.0", 200, { acknowledged: true }],
    ["PUT", "/logs", 200, { acknowledged: true, shards_acknowledged: true, index: "logs" }],
    ["POST", "/logs/_refresh", 200, { _shards: { failed: 0 } }],
  ])("%s %s are answered", async (method, url, status, body) => {
    const payload =
      method === "PUT"
        ? { payload: "{}", headers: { ...FILEBEAT, "content-type": "application/json" } }
        : { headers: FILEBEAT };
    const response = await app.inject({ method, url, ...payload });
    expect([response.statusCode, response.json()]).toMatchObject([status, body]);
    expect(response.headers["x-elastic-product"]).toBe("Elasticsearch");
  });

  it("rsyslog's question is answered in a line of text", async () => {
    const response = await app.inject("/_cat/health");
    expect([response.statusCode, response.body]).toEqual([200, "polylog green 1 1\n"]);
  });

  it("HEAD of a template says that it is there", async () => {
    const response = await app.inject({
      method: "HEAD",
      url: "/_index_template/filebeat",
      headers: FILEBEAT,
    });
    expect(response.statusCode).toBe(200);
  });

  it.each([
    ["text/html,*/*;q=0.8", "Mozilla/5.0"],
    ["*/*", "curl/8"],
  ])("are told from people, who get the page at / (Accept: %s)", async (accept, agent) => {
    const response = await app.inject({ url: "/", headers: { accept, "user-agent": agent } });
    expect(response.statusCode).toBe(404); // nothing is served here but the intake
  });
});

describe("where the server has a token, Elasticsearch", () => {
  beforeEach(async () => {
    await app.close();
    start("s3cret");
  });
  const hidden = Buffer.from("id:s3cret").toString("base64");

  it.each<[string, Record<string, string>, number]>([
    ["takes it as an API key", { authorization: "ApiKey s3cret" }, 200],
    ["takes it as the half of an API key", { authorization: `ApiKey ${hidden}` }, 200],
    ["takes it as Basic's password", { authorization: `Basic ${hidden}` }, 200],
    ["refuses another", { authorization: "ApiKey other" }, 401],
    ["asks for it", {}, 401],
  ])("%s", async (_name, headers, status) => {
    const response = await app.inject({
      method: "POST",
      url: "/_bulk",
      payload: '{"create":{}}\n{}',
      headers,
    });
    expect(response.statusCode).toBe(status);
    expect(response.headers["x-elastic-product"]).toBe("Elasticsearch");
    if (status === 401)
      expect(response.json()).toMatchObject({ error: { type: "security_exception" }, status: 401 });
  });
});

describe("the decoder", () => {
  it("lets others have their turn among blank lines", () => {
    const body = Buffer.from(`${"\n".repeat(100_000)}{"create":{}}\n{}\n`);
    const turns = [...new BulkDecoder(NOW, "logs").decode(body)].filter((record) => record === undefined);
    expect(turns.length).toBeGreaterThan(50);
  });

  it("makes records and an answer, or a refusal, of anything", () => {
    const action = fc.oneof(
      fc.constantFrom('{"create":{}}', '{"index":{"_id":1}}', '{"update":{}}', '{"delete":{}}'),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    const lines = fc.array(
      fc.oneof(
        action,
        fc.string(),
        fc.object().map((value) => JSON.stringify(value)),
      ),
    );
    fc.assert(
      fc.property(
        lines.map((texts) => texts.join("\n")),
        (text) => {
          const decoder = new BulkDecoder(NOW, "logs");
          try {
            for (const record of decoder.decode(Buffer.from(text))) {
              if (record) expect(record.attributes.length % 2).toBe(0);
            }
          } catch (error) {
            expect(error).toMatchObject({ code: "POLYLOG_E_BAD_REQUEST" });
          }
          expect(JSON.parse(answerBulk(decoder.outcome, 1))).toMatchObject({ took: 1 });
        },
      ),
    );
  });
});
