import { ClickHouseError } from "@clickhouse/client";
import { PolylogError } from "../errors.ts";

/**
 * What a failed insert means.
 * - `passing`: the engine is away, restarting or overloaded: the same insert can succeed later.
 * - `full`: there is no room on its disk: the same, but it takes a person to make room.
 * - `data`: something in this block can't be stored: smaller blocks find the record at fault.
 */
export type FailureKind = "passing" | "full" | "data";

/** Engine errors that are about the data of a block. Source: ClickHouse, `src/Common/ErrorCodes.cpp`. */
const DATA_ERRORS: ReadonlySet<string> = new Set([
  "6", // CANNOT_PARSE_TEXT
  "9", // SIZES_OF_COLUMNS_DOESNT_MATCH
  "27", // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  "33", // CANNOT_READ_ALL_DATA
  "53", // TYPE_MISMATCH
  "69", // ARGUMENT_OUT_OF_BOUND
  "70", // CANNOT_CONVERT_TYPE
  "72", // CANNOT_PARSE_NUMBER
  "117", // INCORRECT_DATA
  "128", // TOO_LARGE_ARRAY_SIZE
  "131", // TOO_LARGE_STRING_SIZE
  "190", // SIZES_OF_ARRAYS_DONT_MATCH
  "321", // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  "349", // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  "407", // DECIMAL_OVERFLOW
  "469", // VIOLATED_CONSTRAINT
]);

/** NOT_ENOUGH_SPACE. */
const DISK_FULL = "243";

export function kindOfFailure(error: unknown): FailureKind {
  if (error instanceof ClickHouseError) {
    if (DATA_ERRORS.has(error.code)) return "data";
    if (error.code === DISK_FULL || error.message.includes("No space left on device")) return "full";
  }
  return "passing";
}

/** What the senders of a batch are told when it could not be stored in time. */
export function unavailable(kind: FailureKind, cause: unknown): PolylogError {
  if (kind === "full") {
    return new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "The store's disk is full.", {
      cause,
      retryAfterSeconds: 30,
      remedy: "Make room on it or lower the retention; intake goes on by itself then.",
    });
  }
  return new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "The store takes no records in at the moment.", {
    cause,
    retryAfterSeconds: 2,
    remedy: "Send again in a moment; /readyz says when the store is back.",
  });
}
