import { contextManager } from "./open-telemetry.ts";
import type { TraceIds } from "./record.ts";

/** Under which OpenTelemetry's context has the active span. */
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

interface Span {
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
}

const INVALID_TRACE = "00000000000000000000000000000000";

/** True when OpenTelemetry's API has a context manager in this process: only then a span can be active. */
export function isTracing(): boolean {
  return contextManager() !== undefined;
}

/**
 * Ids of the span that is active by OpenTelemetry, without depending on its package; `undefined` when none is.
 * Never throws.
 */
export function activeTraceIds(): TraceIds | undefined {
  try {
    const span = contextManager()?.active().getValue(SPAN) as Span | undefined;
    if (span === undefined) return undefined;
    const { traceId, spanId, traceFlags } = span.spanContext();
    return traceId === INVALID_TRACE ? undefined : { traceId, spanId, traceFlags };
  } catch {
    return undefined;
  }
}
