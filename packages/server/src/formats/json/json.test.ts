import { describe, expect, test } from "vitest";
import { UTC } from "../time/zone.ts";
import { json } from "./json.ts";

const clock = { zone: UTC, reference: Date.UTC(2026, 10, 21) };
const TIME = 1_795_257_667_123_000_000n;
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

/** What a line says, without what it leaves out. */
function said(object: unknown): Record<string, unknown> {
  const text = typeof object === "string" ? object : JSON.stringify(object);
  const { attributes, resource, ...rest } = json.parse(text, clock)!;
  const pairs = Array.from({ length: attributes.length / 2 }, (_, at) => [
    attributes[at * 2],
    attributes[at * 2 + 1],
  ]);
  expect(resource).toEqual([]);
  return {
    ...Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== "" && value !== 0 && value !== undefined),
    ),
    ...(pairs.length > 0 ? { attributes: Object.fromEntries(pairs) } : {}),
  };
}

describe("the names that libraries use", () => {
  test.each([
    [
      "pino",
      { level: 40, time: 1795257667123, pid: 12, hostname: "web1", name: "shop", msg: "slow" },
      {
        ...{
          timestamp: TIME,
          severityNumber: 13,
          severityText: "WARN",
          host: "web1",
          logger: "shop",
          body: "slow",
        },
        attributes: { "process.pid": "12" },
      },
    ],
    [
      "pino's level between two",
      { level: 35, msg: "noted" },
      { severityNumber: 10, severityText: "INFO", body: "noted" },
    ],
    [
      "winston",
      { level: "warn", message: "slow", service: "shop", timestamp: "2026-11-21T10:41:07.123Z" },
      { timestamp: TIME, severityNumber: 13, severityText: "warn", service: "shop", body: "slow" },
    ],
    [
      "ECS, dotted",
      {
        ...{
          "@timestamp": "2026-11-21T10:41:07.123Z",
          "log.level": "error",
          message: "no",
          "log.logger": "a.b",
        },
        ...{
          "trace.id": TRACE,
          "span.id": SPAN,
          "service.name": "shop",
          "host.name": "web1",
          "event.name": "e",
        },
      },
      {
        ...{ timestamp: TIME, severityNumber: 17, severityText: "error", body: "no", logger: "a.b" },
        ...{ traceId: TRACE, spanId: SPAN, service: "shop", host: "web1", eventName: "e" },
      },
    ],
    [
      "ECS, nested",
      {
        ...{
          "@timestamp": "2026-11-21T10:41:07.123Z",
          log: { level: "error", logger: "a.b" },
          message: "no",
        },
        ...{ trace: { id: TRACE }, span: { id: SPAN }, service: { name: "shop", version: "2" } },
        error: { type: "E", message: "gone", stack_trace: "E: gone\n\tat x" },
      },
      {
        ...{ timestamp: TIME, severityNumber: 17, severityText: "error", body: "no", logger: "a.b" },
        ...{ traceId: TRACE, spanId: SPAN, service: "shop" },
        attributes: {
          ...{ "service.version": "2", "exception.type": "E", "exception.message": "gone" },
          "exception.stacktrace": "E: gone\n\tat x",
        },
      },
    ],
    [
      "zap",
      { level: "dpanic", ts: 1795257667.123, logger: "shop", caller: "a.go:7", msg: "no", error: "gone" },
      {
        ...{ timestamp: TIME, severityNumber: 21, severityText: "dpanic", logger: "shop", body: "no" },
        attributes: { caller: "a.go:7", "exception.message": "gone" },
      },
    ],
    [
      "structlog",
      {
        event: "ready",
        level: "info",
        timestamp: "2026-11-21T10:41:07.123Z",
        user: { id: 7, tags: ["a", "b"] },
      },
      {
        ...{ timestamp: TIME, severityNumber: 9, severityText: "info", body: "ready" },
        attributes: { "user.id": "7", "user.tags": '["a","b"]' },
      },
    ],
    [
      "Datadog, decimal",
      '{"dd.trace_id":1311768467463790320,"dd.span_id":"81985529216486895","dd.service":"shop","status":"error","message":"no"}',
      {
        ...{ traceId: "0000000000000000123456789abcdef0", spanId: "0123456789abcdef", service: "shop" },
        ...{ severityNumber: 17, severityText: "error", body: "no" },
        attributes: { "dd.trace_id": "1311768467463790320", "dd.span_id": "81985529216486895" },
      },
    ],
    [
      "Datadog, nested",
      { dd: { trace_id: TRACE, span_id: "1" }, message: "no" },
      {
        ...{ traceId: TRACE, spanId: "0000000000000001", body: "no" },
        attributes: { "dd.trace_id": TRACE, "dd.span_id": "1" },
      },
    ],
    [
      "Google Cloud",
      {
        ...{
          severity: "NOTICE",
          textPayload: "no",
          "logging.googleapis.com/trace": `projects/p/traces/${TRACE}`,
        },
        ...{ "logging.googleapis.com/spanId": SPAN, "logging.googleapis.com/trace_sampled": true },
        serviceContext: { service: "shop" },
      },
      {
        ...{ severityNumber: 10, severityText: "NOTICE", body: "no", traceId: TRACE, spanId: SPAN },
        ...{ traceFlags: 1, service: "shop" },
      },
    ],
    [
      "OpenTelemetry's names",
      {
        ...{ Timestamp: "2026-11-21T10:41:07.123Z", TraceId: TRACE, SpanId: SPAN, SeverityNumber: 11 },
        ...{ SeverityText: "info3", Body: "no" },
      },
      {
        ...{
          timestamp: TIME,
          traceId: TRACE,
          spanId: SPAN,
          severityNumber: 11,
          severityText: "INFO",
          body: "no",
        },
        attributes: { SeverityText: "info3" },
      },
    ],
    [
      "Rust's tracing-subscriber",
      {
        timestamp: "2026-11-21T10:41:07.123Z",
        level: "TRACE",
        fields: { message: "no", n: 1 },
        target: "a::b",
      },
      {
        ...{ timestamp: TIME, severityNumber: 1, severityText: "TRACE", body: "no", logger: "a::b" },
        attributes: { "fields.n": "1" },
      },
    ],
    [
      "Serilog",
      {
        "@t": "2026-11-21T10:41:07.123Z",
        "@m": "no",
        "@l": "Fatal",
        "@x": "System.E: gone\n   at X",
        SourceContext: "A",
      },
      {
        ...{ timestamp: TIME, severityNumber: 21, severityText: "Fatal", body: "no", logger: "A" },
        attributes: {
          ...{ "exception.type": "System.E", "exception.message": "gone" },
          "exception.stacktrace": "System.E: gone\n   at X",
        },
      },
    ],
    [
      "Monolog",
      {
        message: "no",
        level: 400,
        level_name: "ERROR",
        channel: "shop",
        datetime: "2026-11-21T10:41:07.123+00:00",
      },
      {
        ...{ timestamp: TIME, severityNumber: 17, severityText: "ERROR", body: "no", logger: "shop" },
        attributes: { level: "400" },
      },
    ],
    [
      "mongod",
      { t: { $date: "2026-11-21T11:41:07.123+01:00" }, s: "I", c: "NETWORK", msg: "Listening" },
      {
        timestamp: TIME,
        severityNumber: 9,
        severityText: "I",
        body: "Listening",
        attributes: { c: "NETWORK" },
      },
    ],
    [
      "journald",
      {
        ...{ __REALTIME_TIMESTAMP: "1795257667123000", MESSAGE: "no", PRIORITY: "3", _HOSTNAME: "web1" },
        ...{ _PID: "7", SYSLOG_IDENTIFIER: "sshd" },
      },
      {
        ...{
          timestamp: TIME,
          severityNumber: 17,
          severityText: "ERROR",
          host: "web1",
          service: "sshd",
          body: "no",
        },
        attributes: { "process.pid": "7" },
      },
    ],
    [
      "GELF",
      { version: "1.1", host: "web1", short_message: "no", timestamp: 1795257667.123, level: 4, _user: "x" },
      {
        ...{ timestamp: TIME, severityNumber: 13, severityText: "WARN", host: "web1", body: "no" },
        attributes: { version: "1.1", _user: "x" },
      },
    ],
    [
      "Python's levelno",
      { levelno: 30, message: "no", name: "a.b" },
      { severityNumber: 13, severityText: "WARN", body: "no", logger: "a.b" },
    ],
  ])("%s", (_name, line, expected) => {
    expect(said(line)).toEqual(expected);
  });
});

describe("what only looks like it", () => {
  test.each([
    ["a status of HTTP is no level", { status: 200, msg: "a" }, { body: "a", attributes: { status: "200" } }],
    ["a time that is none stays", { time: "soon", msg: "a" }, { body: "a", attributes: { time: "soon" } }],
    ["a duration is no time", { time: 12.5, msg: "a" }, { body: "a", attributes: { time: "12.5" } }],
    [
      "a year beyond the store's is no time",
      { ts: "9999-01-01T00:00:00Z", msg: "a" },
      { body: "a", attributes: { ts: "9999-01-01T00:00:00Z" } },
    ],
    [
      "a level that is none stays",
      { level: "third", msg: "a" },
      { body: "a", attributes: { level: "third" } },
    ],
    [
      "a name without a level is a person's",
      { name: "Ada", msg: "a" },
      { body: "a", attributes: { name: "Ada" } },
    ],
    [
      "a zero trace id is none",
      { trace_id: "0".repeat(32), msg: "a" },
      { body: "a", attributes: { trace_id: "0".repeat(32) } },
    ],
    [
      "the surer of two names wins, the other stays",
      { ts: 1795257660, "@timestamp": 1795257667123, msg: "a" },
      { timestamp: TIME, body: "a", attributes: { ts: "1795257660" } },
    ],
    ["whatever order they come in", { message: "b", msg: "a" }, { body: "a", attributes: { message: "b" } }],
    [
      "null and nothing are left out",
      { msg: "a", b: null, c: {}, d: "" },
      { body: "a", attributes: { d: "" } },
    ],
    ["a text beside a message stays", { msg: "a", text: "b" }, { body: "a", attributes: { text: "b" } }],
    ["a text alone is the message", { text: "b" }, { body: "b" }],
  ])("%s", (_name, line, expected) => {
    expect(said(line)).toEqual(expected);
  });

  test("without a message the line is the body", () => {
    expect(said('{"a":1}')).toEqual({ body: '{"a":1}', attributes: { a: "1" } });
  });

  test("an error's own message is the body where there is no other", () => {
    expect(said({ level: "error", err: { message: "gone" } })).toMatchObject({ body: "gone" });
  });
});

describe("hostile lines", () => {
  test("names of Object's own are attributes like any other", () => {
    expect(
      said('{"__proto__":{"level":"fatal","x":1},"constructor":"c","hasOwnProperty":"h","msg":"a"}'),
    ).toEqual({
      body: "a",
      attributes: JSON.parse(
        '{"__proto__.level":"fatal","__proto__.x":"1","constructor":"c","hasOwnProperty":"h"}',
      ),
    });
    expect({}).not.toHaveProperty("level");
  });

  test("keeps 1,024 attributes and counts the rest", () => {
    const line = JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}`, n])));
    const { attributes } = json.parse(line, clock)!;
    expect(attributes).toHaveLength(2 * 1025);
    expect(attributes.slice(-2)).toEqual(["polylog.dropped_attributes", "8976"]);
  });

  test("doesn't let nested names outgrow the line", () => {
    const long = "k".repeat(1000);
    const { attributes } = json.parse(`{"${long}":{"${long}":1,"b":2}}`, clock)!;
    expect(attributes).toEqual([`${long}.b`, "2", "polylog.dropped_attributes", "1"]);
  });

  test.each([100, 100_000])("survives %i levels", (depth) => {
    const { body, attributes } = json.parse(
      `{"msg":"a","x":${'{"y":'.repeat(depth)}1${"}".repeat(depth)}}`,
      clock,
    )!;
    expect(body).toBe("a");
    expect(attributes).toHaveLength(2);
  });

  test("keeps all digits of whole numbers, and texts as they are", () => {
    const line =
      '{"a":12345678901234567890,"b":-9007199254740993,"c":"x 12345678901234567890 \\" 1","d":[12345678901234567890],"e":1.1234567890123456789,"f":0.5,"msg":"m"}';
    expect(said(line).attributes).toEqual({
      ...{ a: "12345678901234567890", b: "-9007199254740993", c: 'x 12345678901234567890 " 1' },
      ...{ d: '["12345678901234567890"]', e: "1.1234567890123457", f: "0.5" },
    });
  });

  test.each(["{", "[1]", "1", '"a"', "null", "", "{]", '{"a":1}x'])("%j is no record", (line) => {
    expect(json.parse(line, clock)).toBeUndefined();
  });
});

describe("the runtime", () => {
  test.each([
    ["system", "node", "node"],
    ["telemetry.sdk.language", "nodejs", "node"],
    ["telemetry.sdk.language", "webjs", "browser"],
    ["process.runtime.name", "cpython", "python"],
    ["runtime", "CPython", "python"],
  ])("%s: %j is %s", (name, value, runtime) => {
    expect(said({ msg: "a", [name]: value })).toEqual({ body: "a", runtime });
  });

  test("is no other word of such a field", () => {
    expect(said({ msg: "a", system: "billing" })).toEqual({ body: "a", attributes: { system: "billing" } });
  });
});
