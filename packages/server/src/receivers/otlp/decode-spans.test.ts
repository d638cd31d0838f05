import { describe, expect, it } from "vitest";
import { PolylogError } from "../../errors.ts";
import type { SpanRecord } from "../../record/record.ts";
import { encodeTraces, type Span, type TracesRequest, tracesRequest } from "../../testing/otlp-request.ts";
import { attributes, map, NOW, SPAN_ID, TRACE_ID, text } from "../../testing/otlp-values.ts";
import { decodeJsonTraces } from "./json/traces.ts";
import { decodeTraces } from "./protobuf/traces.ts";

const decoders: [string, (request: TracesRequest) => ReturnType<typeof decodeTraces>][] = [
  ["protobuf", (request) => decodeTraces(encodeTraces(request), NOW)],
  ["JSON", (request) => decodeJsonTraces(Buffer.from(JSON.stringify(request)), NOW)],
];

describe.each(decoders)("a span from %s", (_encoding, decode) => {
  const whole: Span = {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: "00f067aa0ba902b7",
    traceState: "a=b",
    name: "GET /",
    kind: 3,
    startTimeUnixNano: "100",
    endTimeUnixNano: "250",
    attributes: attributes({ a: text("x"), m: map({ n: { intValue: "1" } }) }),
    droppedAttributesCount: 1,
    events: [
      {
        timeUnixNano: "120",
        name: "retry",
        attributes: attributes({ n: { intValue: "2" } }),
        droppedAttributesCount: 4,
      },
      { name: "timeless" },
    ],
    droppedEventsCount: 2,
    links: [
      {
        traceId: TRACE_ID,
        spanId: "00f067aa0ba902b7",
        traceState: "c=d",
        attributes: attributes({ l: text("z") }),
      },
    ],
    droppedLinksCount: 3,
    status: { code: 2, message: "broken" },
  };
  const valid = { traceId: TRACE_ID, spanId: SPAN_ID };

  it("is kept whole", () => {
    const { records, rejected, message } = decode(tracesRequest(whole));
    expect({ rejected, message }).toEqual({ rejected: 0, message: "" });
    expect(records).toEqual([
      {
        timestamp: 100n,
        endTimestamp: 250n,
        traceId: TRACE_ID,
        spanId: SPAN_ID,
        parentSpanId: "00f067aa0ba902b7",
        traceState: "a=b",
        name: "GET /",
        kind: "Client",
        statusCode: "Error",
        statusMessage: "broken",
        resource: { attributes: [], schemaUrl: "", serviceName: "", host: "", runtime: "" },
        scope: { name: "", version: "", schemaUrl: "", attributes: [] },
        attributes: [
          ...["a", "x", "m.n", "1", "otel.dropped_events_count", "2", "otel.dropped_links_count", "3"],
          ...["otel.dropped_attributes_count", "1"],
        ],
        events: [
          { timestamp: 120n, name: "retry", attributes: ["n", "2", "otel.dropped_attributes_count", "4"] },
          { timestamp: 100n, name: "timeless", attributes: [] },
        ],
        links: [{ traceId: TRACE_ID, spanId: "00f067aa0ba902b7", traceState: "c=d", attributes: ["l", "z"] }],
      } satisfies SpanRecord,
    ]);
  });

  const fields: [string, Span, Partial<SpanRecord>][] = [
    ["no times", valid, { timestamp: NOW, endTimestamp: NOW }],
    ["only an end", { ...valid, endTimeUnixNano: "5" }, { timestamp: 5n, endTimestamp: 5n }],
    ["no end", { ...valid, startTimeUnixNano: "5" }, { timestamp: 5n, endTimestamp: 5n }],
    [
      "an end before its start",
      { ...valid, startTimeUnixNano: "5", endTimeUnixNano: "3" },
      { timestamp: 5n, endTimestamp: 5n },
    ],
    [
      "an unknown kind and status",
      { ...valid, kind: 77, status: { code: 9 } },
      { kind: "Unspecified", statusCode: "Unset" },
    ],
    [
      "a wrong parent id",
      { ...valid, parentSpanId: "ab" },
      { parentSpanId: "", attributes: ["polylog.invalid_parent_span_id", "ab"] },
    ],
  ];
  it.each(fields)("with %s", (_name, span, expected) => {
    expect(decode(tracesRequest(span)).records[0]).toMatchObject(expected);
  });

  const unfindable: [string, Span, string][] = [
    ["no trace id", { spanId: SPAN_ID }, "trace_id"],
    ["a trace id of zeros", { traceId: "0".repeat(32), spanId: SPAN_ID }, "trace_id"],
    ["a short trace id", { traceId: SPAN_ID, spanId: SPAN_ID }, "trace_id"],
    ["no span id", { traceId: TRACE_ID }, "span_id"],
    ["a long span id", { traceId: TRACE_ID, spanId: TRACE_ID }, "span_id"],
  ];
  it.each(unfindable)("with %s is rejected, and those beside it kept", (_name, span, field) => {
    const { records, rejected, message } = decode(tracesRequest(valid, span, whole));
    expect(records.map((record) => record.name)).toEqual(["", "GET /"]);
    expect(rejected).toBe(1);
    expect(message).toMatch(new RegExp(`^1 of 3 rejected; the first was span 2: its ${field}`));
  });

  it("is refused with its request when it is the 10,001st bad one", () => {
    const bad = Array.from({ length: 10_000 }, () => ({}));
    expect(decode(tracesRequest(valid, ...bad))).toMatchObject({ records: { length: 1 }, rejected: 10_000 });
    expect(() => decode(tracesRequest(valid, ...bad, {}))).toThrow(
      /More than 10000 rejected; span 2: its trace_id/,
    );
  });

  it("is refused with its request when there is no good one beside it", () => {
    expect(() => decode(tracesRequest({}))).toThrow(PolylogError);
  });
});
