import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../record/record.ts";
import {
  type AnyValue,
  encodeLogs,
  type Log,
  type LogsRequest,
  logsRequest,
} from "../../testing/otlp-request.ts";
import { attributes, list, map, NOW, SPAN_ID, TRACE_ID, text } from "../../testing/otlp-values.ts";
import { decodeJsonLogs } from "./json/logs.ts";
import { decodeLogs } from "./protobuf/logs.ts";

const decoders: [string, (request: LogsRequest) => ReturnType<typeof decodeLogs>][] = [
  ["protobuf", (request) => decodeLogs(encodeLogs(request), NOW)],
  ["JSON", (request) => decodeJsonLogs(Buffer.from(JSON.stringify(request)), NOW)],
];

const nested = (depth: number, wrap: (inner: AnyValue) => AnyValue): AnyValue =>
  depth === 0 ? text("core") : wrap(nested(depth - 1, wrap));

describe.each(decoders)("a log record from %s", (_encoding, decode) => {
  const values: [string, AnyValue, body: string, attribute: string[]][] = [
    ["a string", text("plain €"), "plain €", ["k", "plain €"]],
    ["an empty string", text(""), "", ["k", ""]],
    ["no value", {}, "", ["k", ""]],
    ["true", { boolValue: true }, "true", ["k", "true"]],
    ["false", { boolValue: false }, "false", ["k", "false"]],
    ["an integer", { intValue: "300" }, "300", ["k", "300"]],
    ["a negative integer", { intValue: "-1" }, "-1", ["k", "-1"]],
    [
      "the largest integer",
      { intValue: "9223372036854775807" },
      "9223372036854775807",
      ["k", "9223372036854775807"],
    ],
    [
      "the least integer",
      { intValue: "-9223372036854775808" },
      "-9223372036854775808",
      ["k", "-9223372036854775808"],
    ],
    ["a double", { doubleValue: 0.1 }, "0.1", ["k", "0.1"]],
    ["a large double", { doubleValue: 1e300 }, "1e+300", ["k", "1e+300"]],
    ["bytes", { bytesValue: "AQL/" }, "AQL/", ["k", "AQL/"]],
    [
      "a list",
      list(text("a"), { intValue: "1" }, { boolValue: true }, {}),
      '["a",1,true,null]',
      ["k", '["a",1,true,null]'],
    ],
    ["an empty list", list(), "[]", ["k", "[]"]],
    ["a map", map({ a: text("x"), b: { intValue: "2" } }), '{"a":"x","b":2}', ["k.a", "x", "k.b", "2"]],
    ["an empty map", map({}), "{}", ["k", "{}"]],
    [
      "maps in maps",
      map({ a: map({ b: text("x") }), c: text("y") }),
      '{"a":{"b":"x"},"c":"y"}',
      ["k.a.b", "x", "k.c", "y"],
    ],
    ["a map in a list", list(map({ a: text('"') })), '[{"a":"\\""}]', ["k", '[{"a":"\\""}]']],
    ["text that JSON escapes", list(text('"\n\u2028')), '["\\"\\n\u2028"]', ["k", '["\\"\\n\u2028"]']],
    [
      "a name of Object.prototype",
      map({ __proto__x: text("1"), constructor: text("2") }),
      '{"__proto__x":"1","constructor":"2"}',
      ["k.__proto__x", "1", "k.constructor", "2"],
    ],
  ];
  it.each(values)("holds %s as body and as attribute", (_name, value, body, flat) => {
    const { records } = decode(logsRequest({ body: value, attributes: [{ key: "k", value }] }));
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ body, attributes: flat });
  });

  const fields: [string, Log, Partial<LogRecord>][] = [
    [
      "nothing at all",
      {},
      { timestamp: NOW, observedTimestamp: NOW, severityNumber: 0, severityText: "", body: "" },
    ],
    ["only an observed time", { observedTimeUnixNano: "5" }, { timestamp: 5n, observedTimestamp: 5n }],
    ["only a time", { timeUnixNano: "5" }, { timestamp: 5n, observedTimestamp: NOW }],
    ["a time at the end of time", { timeUnixNano: "9223372036854775807" }, { timestamp: 2n ** 63n - 1n }],
    ["only a severity number", { severityNumber: 18 }, { severityNumber: 18, severityText: "ERROR2" }],
    ["only a severity word", { severityText: "Warning" }, { severityNumber: 13, severityText: "Warning" }],
    ["a severity out of range", { severityNumber: 25 }, { severityNumber: 0, severityText: "" }],
    [
      "ids",
      { traceId: TRACE_ID, spanId: SPAN_ID, flags: 1 },
      { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 },
    ],
    [
      "ids of zeros",
      { traceId: "0".repeat(32), spanId: "0".repeat(16) },
      { traceId: "", spanId: "", attributes: [] },
    ],
    [
      "dropped attributes",
      { droppedAttributesCount: 3 },
      { attributes: ["otel.dropped_attributes_count", "3"] },
    ],
    ["an event name", { eventName: "login" }, { eventName: "login" }],
  ];
  it.each(fields)("with %s", (_name, log, expected) => {
    const { records, rejected, message } = decode(logsRequest(log));
    expect(records[0]).toMatchObject(expected);
    expect({ rejected, message }).toEqual({ rejected: 0, message: "" });
  });

  const changed: [string, Log, Partial<LogRecord>, RegExp][] = [
    [
      "a short trace id",
      { traceId: "abcd" },
      { traceId: "", attributes: ["polylog.invalid_trace_id", "abcd"] },
      /log record 1: trace_id is not 16 bytes/,
    ],
    [
      "a long span id",
      { spanId: TRACE_ID },
      { spanId: "", attributes: ["polylog.invalid_span_id", TRACE_ID] },
      /span_id is not 8 bytes/,
    ],
    [
      "a time past 2262",
      { timeUnixNano: "9223372036854775808" },
      { timestamp: NOW, attributes: ["polylog.invalid_timestamp", "9223372036854775808"] },
      /outside 1970 to 2262/,
    ],
  ];
  it.each(changed)("is kept without %s, and its sender told", (_name, log, expected, complaint) => {
    const { records, rejected, message } = decode(logsRequest(log));
    expect(records[0]).toMatchObject(expected);
    expect(rejected).toBe(0);
    expect(message).toMatch(complaint);
  });

  it("shares the resource and scope of its group", () => {
    const { records } = decode({
      resourceLogs: [
        {
          resource: {
            attributes: attributes({
              "service.name": text("shop"),
              "host.name": text("web-1"),
              "process.runtime.name": text("nodejs"),
              k8s: map({ pod: text("a") }),
            }),
            droppedAttributesCount: 1,
          },
          schemaUrl: "https://schema/1",
          scopeLogs: [
            {
              scope: {
                name: "logger",
                version: "2",
                attributes: attributes({ s: text("t") }),
                droppedAttributesCount: 2,
              },
              schemaUrl: "https://schema/2",
              logRecords: [{}, {}],
            },
            { logRecords: [{}] },
          ],
        },
        { scopeLogs: [{ logRecords: [{}] }] },
      ],
    });
    expect(records).toHaveLength(4);
    expect(records[0]!.resource).toEqual({
      attributes: [
        ...["service.name", "shop", "host.name", "web-1", "process.runtime.name", "nodejs", "k8s.pod", "a"],
        ...["otel.dropped_attributes_count", "1"],
      ],
      schemaUrl: "https://schema/1",
      serviceName: "shop",
      host: "web-1",
      runtime: "node",
    });
    expect(records[0]!.scope).toEqual({
      name: "logger",
      version: "2",
      schemaUrl: "https://schema/2",
      attributes: ["s", "t", "otel.dropped_attributes_count", "2"],
    });
    expect(records[1]!.resource).toBe(records[0]!.resource);
    expect(records[1]!.scope).toBe(records[0]!.scope);
    expect(records[2]!.resource).toBe(records[0]!.resource);
    expect(records[2]!.scope.name).toBe("");
    expect(records[3]!.resource.serviceName).toBe("");
  });

  it("keeps 1,024 of 10,000 attributes, and says how many it dropped", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ key: `key${i}`, value: text(`value${i}`) }));
    const { records } = decode(logsRequest({ attributes: many }, { body: text("beside it") }));
    expect(records[0]!.attributes).toHaveLength(2 * 1025);
    expect(records[0]!.attributes.slice(-4)).toEqual([
      "key1023",
      "value1023",
      "polylog.dropped_attributes",
      "8976",
    ]);
    expect(records[1]!.body).toBe("beside it");
  });

  it("keeps a value of a megabyte whole", () => {
    const long = "long ".repeat(200_000);
    const { records } = decode(
      logsRequest({ body: text(long), attributes: [{ key: "k", value: text(long) }] }),
    );
    expect(records[0]).toMatchObject({ body: long, attributes: ["k", long] });
  });

  it.each([
    ["lists", (inner: AnyValue) => list(inner), 32],
    ["maps", (inner: AnyValue) => map({ m: inner }), 32],
  ])("cuts %s nested deeper than 32 levels", (_name, wrap, limit) => {
    const { records } = decode(logsRequest({ body: nested(limit, wrap) }, { body: nested(limit + 1, wrap) }));
    expect(records[0]!.body).toContain("core");
    expect(records[1]!.body).not.toContain("core");
    expect(records[1]!.body).toContain("[nested too deeply]");
  });

  it("cuts maps nested deeper than 32 levels in attributes", () => {
    const wrap = (inner: AnyValue) => map({ m: inner });
    const deep = [32, 33].map((depth) => ({ attributes: [{ key: "k", value: nested(depth, wrap) }] }));
    const { records } = decode(logsRequest(...deep));
    expect(records[0]!.attributes).toEqual([`k${".m".repeat(32)}`, "core"]);
    expect(records[1]!.attributes).toEqual([`k${".m".repeat(32)}`, '"[nested too deeply]"']);
  });

  it("refuses names that flattening would multiply without end", () => {
    const name = "n".repeat(100_000);
    const children = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`c${i}`, text("")]));
    const log: Log = { attributes: attributes({ [name]: map(children) }) };
    expect(() => decode(logsRequest(log))).toThrow(expect.objectContaining({ code: "POLYLOG_E_TOO_LARGE" }));
  });

  it("gives nothing for a request without records", () => {
    expect(decode({ resourceLogs: [] })).toEqual({ records: [], rejected: 0, message: "" });
    expect(decode(logsRequest())).toEqual({ records: [], rejected: 0, message: "" });
  });
});
