import type { LogRow, SpanRow } from "@polylog/server/contract";

/** A record with only what a test is about. */
export function row(change: Partial<LogRow> = {}): LogRow {
  return {
    id: "1",
    timestamp: "2026-11-21T12:00:00.000000000Z",
    observedTimestamp: "2026-11-21T12:00:00.000000000Z",
    level: "info",
    severityNumber: 9,
    severityText: "INFO",
    service: "checkout",
    logger: "cart",
    host: "a1",
    runtime: "node",
    body: "hello",
    eventName: "",
    traceId: "",
    spanId: "",
    receiver: "otlp",
    attributes: {},
    resource: {},
    scope: {},
    ...change,
  };
}

/** A span that starts some milliseconds after the trace and lasts some milliseconds. */
export function span(
  spanId: string,
  parentSpanId: string,
  start: number,
  length: number,
  change: Partial<SpanRow> = {},
): SpanRow {
  return {
    traceId: "t",
    spanId,
    parentSpanId,
    name: spanId,
    kind: "Internal",
    service: "checkout",
    host: "",
    runtime: "",
    scope: "",
    timestamp: new Date(Date.UTC(2026, 10, 21) + start).toISOString(),
    duration: String(length * 1_000_000),
    statusCode: "Unset",
    statusMessage: "",
    attributes: {},
    resource: {},
    events: [],
    links: [],
    ...change,
  };
}
