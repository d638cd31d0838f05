import { contextManager } from "../../logger/open-telemetry.ts";

/** Under which instrumentations look whether they are to make no span. Source: `suppressTracing` of @opentelemetry/core. */
const SUPPRESSED = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/**
 * Does what is no part of what the program does: a delivery of records begun within a request would be a span of that
 * request's trace.
 */
export function untraced<Result>(work: () => Result): Result {
  const manager = contextManager();
  return manager === undefined ? work() : manager.with(manager.active().setValue(SUPPRESSED, true), work);
}
