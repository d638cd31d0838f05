/**
 * Every error of the server has a code, says what is wrong and where, and what to do about it.
 */
export const ERROR_CODES = [
  "POLYLOG_E_INTAKE_FULL",
  "POLYLOG_E_STORE_UNAVAILABLE",
  "POLYLOG_E_STOPPING",
  "POLYLOG_E_BAD_REQUEST",
  "POLYLOG_E_UNAUTHORIZED",
  "POLYLOG_E_FORBIDDEN",
  "POLYLOG_E_TOO_LARGE",
  "POLYLOG_E_UNSUPPORTED_MEDIA_TYPE",
  "POLYLOG_E_QUERY_SYNTAX",
  "POLYLOG_E_QUERY_LIMIT",
  "POLYLOG_E_NOT_FOUND",
  "POLYLOG_E_CONFIG",
  "POLYLOG_E_PORT_IN_USE",
  "POLYLOG_E_SERVER_AWAY",
  "POLYLOG_E_SCHEMA",
  "POLYLOG_E_INTERNAL",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface PolylogErrorDetails {
  readonly cause?: unknown;
  /** What to do about it, one sentence. */
  readonly remedy?: string;
  /** Seconds after which the caller may try again; present exactly on errors that pass. */
  readonly retryAfterSeconds?: number;
  /** Where in the asker's text the error lies: offsets in UTF-16 code units. */
  readonly position?: { readonly start: number; readonly end: number };
  /** What would have been right there. */
  readonly expected?: readonly string[];
  /** The TCP port that it is about. */
  readonly port?: number;
  /** What it counts as, where one code has several reasons. */
  readonly reason?: string;
}

export class PolylogError extends Error {
  override readonly name = "PolylogError";
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly position: PolylogErrorDetails["position"];
  readonly expected: readonly string[] | undefined;
  readonly port: number | undefined;
  readonly reason: string | undefined;

  constructor(code: ErrorCode, message: string, details: PolylogErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.remedy = details.remedy;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.position = details.position;
    this.expected = details.expected;
    this.port = details.port;
    this.reason = details.reason;
  }
}
