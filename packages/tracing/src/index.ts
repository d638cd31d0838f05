import { tracing } from "./api.ts";
import type { MetricsServer } from "./metrics/server.ts";
import type { TracingOptions } from "./options.ts";

export { type ErrorCode, TracingError } from "./errors.ts";
export type { InstrumentationName } from "./instrumentation/list.ts";
export { trace, type Work } from "./manual/trace.ts";
export { type TracedDecorator, type TracedOptions, traced } from "./manual/traced.ts";
export type { MetricsServer } from "./metrics/server.ts";
export type { MetricsExporterName, Protocol, TraceExporterName, TracingOptions } from "./options.ts";

/**
 * Sets OpenTelemetry up: spans of this process go to a collector from here on, traces go on from and to other processes by
 * their headers, and libraries that are loaded after it are traced. What `options` don't say comes from the environment (`OTEL_…`).
 *
 * Call it before what is to be traced is loaded, or start with `node --import @polylog/tracing/register`. Further
 * calls do nothing until `shutdownTracing`. It never throws for a collector that is away: that is told once, on standard
 * error, and the application goes on.
 *
 * @example
 * initTracing({ serviceName: "checkout" });
 */
export function initTracing(options?: TracingOptions): void {
  tracing.init(options);
}

/**
 * Sends what is left and takes everything back that `initTracing` did. Called again, it waits for the same. Resolves after at most
 * five seconds, and never rejects.
 *
 * @example
 * await shutdownTracing();
 */
export function shutdownTracing(): Promise<void> {
  return tracing.shutdown();
}

/**
 * Serves this process' metrics in Prometheus' format, among them `db_client_operation_duration_seconds`. Call
 * `initTracing` first where both are used. It doesn't keep the process from ending.
 *
 * @param port 0 for any that is free
 * @param host the address to listen on @defaultValue `127.0.0.1`
 * @throws TracingError `POLYLOG_E_METRICS_SERVER` when it can't listen there
 * @example
 * const { url } = await startMetricsServer(0);
 */
export function startMetricsServer(port = 9464, host = "127.0.0.1"): Promise<MetricsServer> {
  return tracing.startMetricsServer(port, host);
}

/** Spans that no collector took, since the process started. */
export function droppedSpanCount(): number {
  return tracing.droppedSpanCount();
}
