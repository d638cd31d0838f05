import { type ErrorCode, PolylogError } from "../errors.ts";

/** Why a request was refused, for the counters. */
const REASON_OF_ERROR: Partial<Record<ErrorCode, string>> = {
  POLYLOG_E_BAD_REQUEST: "malformed",
  POLYLOG_E_TOO_LARGE: "too_large",
  POLYLOG_E_UNSUPPORTED_MEDIA_TYPE: "unsupported_type",
  POLYLOG_E_INTAKE_FULL: "full",
  POLYLOG_E_STORE_UNAVAILABLE: "store_unavailable",
  POLYLOG_E_STOPPING: "stopping",
};

/** What records count as that can't be stored for what is in them. */
export const NOT_STORABLE = "malformed";

/**
 * What a sender is told of such records, in a protocol that can't say it of single ones.
 *
 * @example
 * notStorable(2, 8).message; // "2 of 8 records can't be stored."
 */
export function notStorable(refused: number, records: number): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `${refused} of ${records} records can't be stored.`, {
    remedy:
      refused === records
        ? "The server's log says why."
        : "The server's log says why. The others are stored; sending the request again would store them twice.",
  });
}

/**
 * The reason that an error counts as, whichever receiver it refused a request of.
 *
 * @example
 * counters.rejected("jsonl", 1, reasonOf(error)); // "malformed"
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof PolylogError)) return "internal";
  return error.reason ?? REASON_OF_ERROR[error.code] ?? "internal";
}
