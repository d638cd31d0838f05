// As much of `@opentelemetry/api` and `@opentelemetry/api-logs` as is used, so that neither has to be installed.

/** A point in time: seconds and nanoseconds, milliseconds, or a date. */
export type OtelTime = [number, number] | number | Date;

export interface OtelContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): OtelContext;
  deleteValue(key: symbol): OtelContext;
}

/** The key that the API keeps the span of a context under, in every copy of itself. */
export const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");

export interface OtelLogRecord {
  eventName?: string;
  timestamp?: OtelTime;
  severityNumber?: number;
  severityText?: string;
  body?: unknown;
  attributes?: Record<string, unknown>;
  exception?: unknown;
  context?: OtelContext;
}

export interface OtelLogger {
  emit(record: OtelLogRecord): void;
  enabled(options?: { severityNumber?: number }): boolean;
}

export interface OtelLoggerProvider {
  getLogger(name: string, version?: string, options?: object): OtelLogger;
}
