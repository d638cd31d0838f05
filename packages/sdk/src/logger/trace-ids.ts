import type { TraceIds } from "./record.ts";

/** Where @opentelemetry/api 1.x keeps what is registered, and under which key the active span is. */
const API = Symbol.for("opentelemetry.js.api.1");
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

interface OpenTelemetryApi {
  readonly context?: { active(): { getValue(key: symbol): unknown } };
}

interface Span {
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
}

const INVALID_TRACE = "00000000000000000000000000000000";

/** True when OpenTelemetry's API has a context manager in this process: only then a span can be active. */
export function isTracing(): boolean {
  return (globalThis as Record<symbol, OpenTelemetryApi | undefined>)[API]?.context !== undefined;
}

/**
 * Ids of the span that is active by OpenTelemetry, without depending on its package; `undefined` when none is.
 * Never throws.
 */
export function activeTraceIds(): TraceIds | undefined {
  try {
    const api = (globalThis as Record<symbol, OpenTelemetryApi | undefined>)[API];
    const span = api?.context?.active().getValue(SPAN) as Span | undefined;
    if (span === undefined) return undefined;
    const { traceId, spanId, traceFlags } = span.spanContext();
    return traceId === INVALID_TRACE ? undefined : { traceId, spanId, traceFlags };
  } catch {
    return undefined;
  }
}
