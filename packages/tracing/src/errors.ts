/** Every error and warning of this package has a code, and says what is wrong, where, and what to do. */
export type ErrorCode =
  | "POLYLOG_E_TRACING_CONFIG"
  | "POLYLOG_E_TRACING_OTHER"
  | "POLYLOG_E_COLLECTOR"
  | "POLYLOG_E_METRICS_SERVER"
  | "POLYLOG_E_TRACED";

/**
 * @example
 * throw new TracingError("POLYLOG_E_METRICS_SERVER", "port 9464 of 127.0.0.1 is taken: give another, or 0 for any");
 */
export class TracingError extends Error {
  override readonly name = "TracingError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
