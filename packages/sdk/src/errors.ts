/** Every error and warning of the SDK has a code, and says what is wrong, where, and what to do. */
export type ErrorCode =
  | "POLYLOG_E_CONFIG"
  | "POLYLOG_E_FILTER"
  | "POLYLOG_E_SINK"
  | "POLYLOG_E_METADATA"
  | "POLYLOG_E_ENDPOINT"
  | "POLYLOG_E_NATIVE";

/**
 * @example
 * throw new PolylogError("POLYLOG_E_ENDPOINT", "endpoint http://logs.example.com is not https", { remedy: "Use https." });
 */
export class PolylogError extends Error {
  override readonly name = "PolylogError";
  readonly code: ErrorCode;
  /** What to do about it, one sentence. */
  readonly remedy: string | undefined;

  constructor(code: ErrorCode, message: string, details: { cause?: unknown; remedy?: string } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.remedy = details.remedy;
  }
}
