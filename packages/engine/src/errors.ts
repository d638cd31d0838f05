/** Every way in which the engine can fail, by a code that does not change. */
export const ENGINE_ERROR_CODES = [
  /** There is no embedded engine for this operating system, processor or C library. */
  "POLYLOG_E_ENGINE_PLATFORM",
  /** Another process uses the directory. */
  "POLYLOG_E_ENGINE_DIRECTORY_LOCKED",
  /** The directory holds files that are not an engine's. */
  "POLYLOG_E_ENGINE_DIRECTORY_FOREIGN",
  /** The directory may not be read or written by this user. */
  "POLYLOG_E_ENGINE_DIRECTORY_PERMISSION",
  /** The directory can't be created or written: not a directory, disk full, read-only. */
  "POLYLOG_E_ENGINE_DIRECTORY_UNUSABLE",
  /** The directory was written by a newer Polylog or a newer ClickHouse. */
  "POLYLOG_E_ENGINE_VERSION_TOO_NEW",
  /** The child process ended by itself; one that has never run is not started again after some times in a row. */
  "POLYLOG_E_ENGINE_CRASHED",
  /** Not ready (yet, or just now): passes by itself while the state is `starting` or `restarting`. */
  "POLYLOG_E_ENGINE_UNAVAILABLE",
  /** The engine was stopped. */
  "POLYLOG_E_ENGINE_STOPPED",
  /** A ClickHouse server refused user name or password. */
  "POLYLOG_E_ENGINE_CREDENTIALS",
  /** A ClickHouse server answered, but can't be used as it is. */
  "POLYLOG_E_ENGINE_REFUSED",
  /** An answer is larger than its asker takes. */
  "POLYLOG_E_ENGINE_ANSWER_TOO_LARGE",
  /** An option makes no sense. */
  "POLYLOG_E_ENGINE_CONFIG",
] as const;
export type EngineErrorCode = (typeof ENGINE_ERROR_CODES)[number];

/** An error of the engine: what was wrong, where, and in {@link EngineError.remedy} what to do about it. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  /** What to do about it, one sentence. */
  readonly remedy: string | undefined;

  constructor(code: EngineErrorCode, message: string, details: { remedy?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.remedy = details.remedy;
  }
}

/**
 * Whether an error only means that the engine can't be reached now, so that the same call may succeed later.
 * The call may nevertheless have been carried out: repeat an insert with the same `insert_deduplication_token`.
 */
export function isUnavailable(error: unknown): boolean {
  return error instanceof EngineError && error.code === "POLYLOG_E_ENGINE_UNAVAILABLE";
}
