import type { LogRecord, SpanRecord } from "../../record/record.ts";
import { resourceOf, scopeOf } from "../../record/resource.ts";

/** 2026-01-02 03:04:05.678901234 UTC: between any two of our bounds. */
export const SOME_TIME = 1_767_323_045_678_901_234n;

/** A log record that differs from a plain one in what a test is about. */
export function logRecord(different: Partial<LogRecord> = {}): LogRecord {
  return {
    timestamp: SOME_TIME,
    observedTimestamp: SOME_TIME + 1_000n,
    severityNumber: 9,
    severityText: "INFO",
    body: "request completed",
    eventName: "",
    traceId: "",
    spanId: "",
    traceFlags: 0,
    resource: RESOURCE,
    scope: SCOPE,
    attributes: [],
    ...different,
  };
}

/** The same for a span. */
export function spanRecord(different: Partial<SpanRecord> = {}): SpanRecord {
  return {
    timestamp: SOME_TIME,
    endTimestamp: SOME_TIME + 1_500_000n,
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: "",
    traceState: "",
    name: "GET /cart",
    kind: "Server",
    statusCode: "Unset",
    statusMessage: "",
    resource: RESOURCE,
    scope: SCOPE,
    attributes: [],
    events: [],
    links: [],
    ...different,
  };
}

const RESOURCE = resourceOf([
  "service.name",
  "checkout",
  "host.name",
  "node-1",
  "telemetry.sdk.language",
  "nodejs",
]);
const SCOPE = scopeOf("checkout.http", "1.2.0", ["scope.kind", "library"]);
