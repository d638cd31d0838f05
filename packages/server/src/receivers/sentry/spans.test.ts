import { describe, expect, it, test } from "vitest";
import type { SpanRecord } from "../../record/record.ts";
import { decodeItem, pairsOf, SPAN, TRACE } from "./testing/decode-item.ts";

describe("a transaction", () => {
  const trace = {
    trace_id: TRACE,
    span_id: SPAN,
    op: "http.server",
    status: "ok",
    data: { "http.route": "/" },
  };
  const child = {
    ...{ span_id: "00f067aa0ba902b7", parent_span_id: SPAN, op: "db.sql.query", description: "select 1" },
    ...{
      start_timestamp: 1795257667.2,
      timestamp: 1795257667.25,
      status: "internal_error",
      data: { "db.system": "pg" },
    },
  };
  const transaction = {
    ...{
      type: "transaction",
      transaction: "GET /",
      start_timestamp: 1795257667.123,
      timestamp: 1795257667.5,
    },
    ...{
      contexts: { trace, os: { name: "Linux" } },
      spans: [child],
      release: "shop@2.1.0",
      tags: { a: "b" },
    },
    measurements: { lcp: { value: 250, unit: "millisecond" } },
  };

  it("becomes a trace", () => {
    const [root, inner] = decodeItem("transaction", transaction) as SpanRecord[];
    expect(root).toMatchObject({
      ...{ name: "GET /", kind: "Server", statusCode: "Ok", traceId: TRACE, spanId: SPAN, parentSpanId: "" },
      ...{ timestamp: 1_795_257_667_123_000_000n, endTimestamp: 1_795_257_667_500_000_000n },
      resource: { serviceName: "shop" },
    });
    expect(pairsOf(root!.attributes)).toEqual({
      ...{ "http.route": "/", "sentry.op": "http.server", "contexts.os.name": "Linux", "tags.a": "b" },
      ...{ "measurements.lcp": "250", "measurements.lcp.unit": "millisecond" },
    });
    expect(inner).toMatchObject({
      ...{
        name: "select 1",
        kind: "Client",
        statusCode: "Error",
        statusMessage: "internal_error",
        traceId: TRACE,
      },
      ...{ spanId: "00f067aa0ba902b7", parentSpanId: SPAN, endTimestamp: 1_795_257_667_250_000_000n },
      attributes: ["db.system", "pg", "sentry.op", "db.sql.query"],
    });
    expect(inner!.resource).toBe(root!.resource);
  });

  it("keeps its good spans beside bad ones", () => {
    expect(decodeItem("transaction", { ...transaction, spans: [7, {}, child] })).toEqual([
      ...[expect.objectContaining({ name: "GET /" }), null, null],
      expect.objectContaining({ name: "select 1" }),
    ]);
  });
});

test("a span of the newer form is kept with its attributes, links and status", () => {
  const span = {
    ...{
      trace_id: TRACE,
      span_id: SPAN,
      name: "send",
      start_timestamp: 1795257667.123,
      end_timestamp: 1795257667.5,
    },
    ...{ status: "error", is_segment: true, links: [{ trace_id: TRACE, span_id: SPAN, sampled: true }] },
    attributes: {
      "sentry.op": { type: "string", value: "queue.publish" },
      "sentry.status.message": { type: "string", value: "timed out" },
      size: { type: "integer", value: 3, unit: "byte" },
      "sentry.release": { type: "string", value: "shop@2.1.0" },
    },
  };
  expect(decodeItem("span", { items: [span, {}] })).toMatchObject([
    {
      ...{ name: "send", kind: "Producer", statusCode: "Error", statusMessage: "timed out" },
      ...{ resource: { serviceName: "shop" }, links: [{ traceId: TRACE, spanId: SPAN }] },
      attributes: expect.arrayContaining(["size", "3", "size.unit", "byte", "sentry.is_segment", "true"]),
    },
    null,
  ]);
});
