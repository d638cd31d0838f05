import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { fieldOf, postOtlp, rejectedIn } from "../../testing/otlp-client.ts";
import { encodeLogs, logsRequest, message } from "../../testing/otlp-request.ts";
import { registerOtlpHttp } from "./http.ts";

const PROTOBUF = { "content-type": "application/x-protobuf" };
const JSON_TYPE = { "content-type": "application/json" };
const GOOD = encodeLogs(logsRequest({ body: { stringValue: "good" } }));
const GOOD_JSON = Buffer.from(JSON.stringify(logsRequest({ body: { stringValue: "good" } })));
const LIMITS = { compressed: 40 << 20, decompressed: 64 << 20 };

let app: FastifyInstance;
let port: number;
let url: string;
let intake: CapturingIntake;
let counts: Counts;
let errors: string[];

beforeEach(async () => {
  intake = capturingIntake();
  counts = {};
  errors = [];
  app = fastify({ forceCloseConnections: true });
  registerOtlpHttp(app, receiverContext(intake, { counts, errors, limits: LIMITS }));
  await app.listen({ port: 0, host: "127.0.0.1" });
  port = (app.server.address() as AddressInfo).port;
  url = `http://127.0.0.1:${port}`;
});
afterEach(() => app.close());

describe("OTLP over HTTP takes", () => {
  const accepted: [string, Buffer, Record<string, string>, answer: [type: string, body: string]][] = [
    ["protobuf", GOOD, PROTOBUF, ["application/x-protobuf", ""]],
    ["JSON", GOOD_JSON, JSON_TYPE, ["application/json", "{}"]],
    [
      "JSON with a charset",
      GOOD_JSON,
      { "content-type": "Application/JSON; charset=utf-8" },
      ["application/json", "{}"],
    ],
    ["gzip", gzipSync(GOOD), { ...PROTOBUF, "content-encoding": "gzip" }, ["application/x-protobuf", ""]],
  ];
  it.each(accepted)("%s, and answers in kind", async (_name, body, headers, [type, answer]) => {
    const response = await postOtlp(`${url}/v1/logs`, body, headers);
    expect(response).toMatchObject({ status: 200, type });
    expect(String(response.body)).toBe(answer);
    expect(intake.logs.map((log) => log.body)).toEqual(["good"]);
  });

  it("an empty protobuf message, which is a request without records", async () => {
    expect(await postOtlp(`${url}/v1/logs`, Buffer.alloc(0), PROTOBUF)).toMatchObject({ status: 200 });
    expect(counts).toEqual({});
  });

  it("names as in the .proto files, enums by name, and what it doesn't know", async () => {
    const record = {
      time_unix_nano: 5,
      severity_number: "SEVERITY_NUMBER_WARN",
      body: { string_value: "x" },
      new_in_2030: [1],
    };
    const body = { resource_logs: [{ scope_logs: [{ log_records: [record] }] }] };
    await postOtlp(`${url}/v1/logs`, Buffer.from(JSON.stringify(body)), JSON_TYPE);
    expect(intake.logs[0]).toMatchObject({ timestamp: 5n, severityNumber: 13, body: "x" });
  });

  it("invalid UTF-8 and lone surrogates as U+FFFD", async () => {
    const [before, after] = String(GOOD_JSON).split("good") as [string, string];
    const invalid = Buffer.concat([Buffer.from(before), Buffer.from([0x61, 0xff]), Buffer.from(after)]);
    await postOtlp(`${url}/v1/logs`, invalid, JSON_TYPE);
    await postOtlp(`${url}/v1/logs`, Buffer.from(`${before}a\\ud800${after}`), JSON_TYPE);
    await postOtlp(
      `${url}/v1/logs`,
      Buffer.from(GOOD.toString("latin1").replace("good", "goo\xff"), "latin1"),
      PROTOBUF,
    );
    expect(intake.logs.map((log) => log.body)).toEqual(["a\ufffd", "a\ufffd", "goo\ufffd"]);
  });
});

describe("OTLP over HTTP refuses", () => {
  /** Two bytes make a record, so that a small body could make very many. */
  const flood = message(1, message(2, Buffer.alloc(2 * 200_001, Buffer.from([0x12, 0]))));
  const refused: [string, () => Buffer, Record<string, string>, status: number, says: RegExp][] = [
    ["text as protobuf", () => Buffer.from("hello"), PROTOBUF, 400, /protobuf at byte/],
    [
      "truncated protobuf",
      () => GOOD.subarray(0, -1),
      PROTOBUF,
      400,
      /length of \d+, but \d+ bytes are left/,
    ],
    ["text as JSON", () => Buffer.from("hello"), JSON_TYPE, 400, /not JSON/],
    ["truncated JSON", () => GOOD_JSON.subarray(0, -1), JSON_TYPE, 400, /not JSON/],
    ["an empty body as JSON", () => Buffer.alloc(0), JSON_TYPE, 400, /not JSON/],
    ["a JSON list", () => Buffer.from("[]"), JSON_TYPE, 400, /must be an object, not a list/],
    ["a JSON null", () => Buffer.from("null"), JSON_TYPE, 400, /must be an object/],
    [
      "JSON of another form",
      () => Buffer.from('{"message":"hi"}'),
      JSON_TYPE,
      400,
      /no resourceLogs.*\/v1\/jsonl/,
    ],
    [
      "resourceLogs that are no list",
      () => Buffer.from('{"resourceLogs":{}}'),
      JSON_TYPE,
      400,
      /resourceLogs must be a list/,
    ],
    [
      "very deep JSON",
      () => Buffer.from(`{"resourceLogs":${"[".repeat(5 << 20)}`),
      JSON_TYPE,
      400,
      /nested deeper than 512 levels/,
    ],
    ["text as gzip", () => GOOD, { ...PROTOBUF, "content-encoding": "gzip" }, 400, /decompressed/],
    [
      "truncated gzip",
      () => gzipSync(GOOD).subarray(0, -4),
      { ...PROTOBUF, "content-encoding": "gzip" },
      400,
      /decompressed/,
    ],
    ["an unknown coding", () => GOOD, { ...PROTOBUF, "content-encoding": "lzma" }, 415, /lzma.*gzip/],
    [
      "another content type",
      () => GOOD,
      { "content-type": "text/plain" },
      415,
      /text\/plain.*application\/x-protobuf/,
    ],
    ["a content type that is none", () => GOOD, { "content-type": "nonsense" }, 415, /nonsense/],
    [
      "a body over the limit",
      () => Buffer.alloc(LIMITS.compressed + 1),
      PROTOBUF,
      413,
      /larger than \d+ bytes/,
    ],
    [
      "a gzip bomb",
      () => gzipSync(Buffer.alloc(LIMITS.decompressed + 1)),
      { ...PROTOBUF, "content-encoding": "gzip" },
      413,
      /larger than \d+ bytes/,
    ],
    ["JSON over 16 MiB", () => Buffer.alloc((16 << 20) + 1, " "), JSON_TYPE, 413, /larger than \d+ bytes/],
    [
      "JSON of very many objects",
      () => Buffer.from(`{"resourceLogs":[${"{},".repeat(1_000_000)}{}]}`),
      JSON_TYPE,
      413,
      /more than 1000000 objects/,
    ],
    ["more than 200,000 records", () => flood, PROTOBUF, 413, /more than 200000 records/],
  ];
  it.each(refused)("%s, and takes the next request", async (_name, body, headers, status, says) => {
    const response = await postOtlp(`${url}/v1/logs`, body(), headers);
    const isProtobuf = headers["content-type"] === PROTOBUF["content-type"];
    expect(response).toMatchObject({
      status,
      type: isProtobuf ? "application/x-protobuf" : "application/json",
      retryAfter: null,
    });
    const { code, message: text } = isProtobuf
      ? { code: fieldOf(response.body, 1), message: String(fieldOf(response.body, 2)) }
      : JSON.parse(String(response.body));
    expect(text).toMatch(says);
    expect(code).toBe(3);
    expect(Object.values(counts)).toEqual([1]);

    expect((await postOtlp(`${url}/v1/logs`, GOOD, PROTOBUF)).status).toBe(200);
    expect(intake.logs.map((log) => log.body)).toEqual(["good"]);
    expect(errors).toEqual([]);
  });

  it("a request without a content type", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /v1/logs HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}");
    const answer = String(Buffer.concat(await socket.toArray()));
    expect(answer).toMatch(/^HTTP\/1.1 415 /);
    expect(answer).toContain("Send application/x-protobuf or application/json.");
  });

  it("values of the wrong type, and keeps the records beside them", async () => {
    const wrong = [
      { timeUnixNano: "noon" },
      { body: "text" },
      { body: { stringValue: 1 } },
      { attributes: {} },
      { attributes: [{ key: "k", value: { boolValue: "yes" } }] },
      { severityNumber: "LOUD" },
      "no record",
    ];
    const body = {
      resourceLogs: [{ scopeLogs: [{ logRecords: [...wrong, { body: { stringValue: "good" } }] }] }],
    };
    const response = await postOtlp(`${url}/v1/logs`, Buffer.from(JSON.stringify(body)), JSON_TYPE);
    expect(JSON.parse(String(response.body))).toEqual({
      partialSuccess: {
        rejectedLogRecords: "7",
        errorMessage:
          "7 of 8 rejected; the first was log record 1: timeUnixNano must be an integer, or one in a string, not a string.",
      },
    });
    expect(intake.logs.map((log) => log.body)).toEqual(["good"]);
    expect(counts).toEqual({ accepted: 1, "rejected malformed": 7 });
  });
});

describe("metrics over HTTP", () => {
  const points = [{ asInt: "1" }, { asInt: "2" }];
  const metrics = [
    { name: "a", sum: { dataPoints: points } },
    { name: "b", histogram: { dataPoints: [{}] } },
  ];

  it("are answered as rejected in part, so that SDKs don't take it for an error", async () => {
    const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
    const response = await postOtlp(`${url}/v1/metrics`, Buffer.from(body), JSON_TYPE);
    expect(response.status).toBe(200);
    expect(JSON.parse(String(response.body))).toMatchObject({ partialSuccess: { rejectedDataPoints: "3" } });
    expect(counts).toEqual({ "rejected metrics_not_stored": 3 });
  });

  it("are counted in protobuf as well", async () => {
    const sum = message(7, Buffer.concat([message(1, Buffer.alloc(0)), message(1, Buffer.alloc(0))]));
    const gauge = message(5, message(1, Buffer.alloc(0)));
    const scoped = Buffer.concat([message(2, sum), message(2, gauge)]);
    const response = await postOtlp(`${url}/v1/metrics`, message(1, message(2, scoped)), PROTOBUF);
    expect(response.status).toBe(200);
    expect(rejectedIn(response.body)).toBe(3);
  });

  it("that are none are answered without a word", async () => {
    const response = await postOtlp(`${url}/v1/metrics`, Buffer.from("{}"), JSON_TYPE);
    expect(String(response.body)).toBe("{}");
  });
});
