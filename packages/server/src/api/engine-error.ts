import { EngineError, isUnavailable } from "@polylog/engine";
import { PolylogError } from "../errors.ts";

const MEMORY = "241"; // MEMORY_LIMIT_EXCEEDED

/** ClickHouse's error codes that mean one of the limits of a question. Source: ClickHouse's ErrorCodes.cpp. */
const LIMITS: ReadonlyMap<string, string> = new Map([
  ["158", "It reads more rows than a question may"], // TOO_MANY_ROWS
  ["159", "It takes longer than a question may"], // TIMEOUT_EXCEEDED
  ["160", "It would take longer than a question may"], // TOO_SLOW
  [MEMORY, "It needs more memory than a question may"],
  ["307", "It reads more than a question may"], // TOO_MANY_BYTES
  ["396", "Its answer is larger than one may be"], // TOO_MANY_ROWS_OR_BYTES
]);

/** The engine is there but can't answer now. */
const PASSING: ReadonlySet<string> = new Set([
  "60", // UNKNOWN_TABLE: the tables are not made yet
  "81", // UNKNOWN_DATABASE
  "202", // TOO_MANY_SIMULTANEOUS_QUERIES
  "236", // ABORTED: it is shutting down
  "394", // QUERY_WAS_CANCELLED, though its caller is still there
  "439", // CANNOT_SCHEDULE_TASK
  "745", // SERVER_OVERLOADED
]);

/** A node of a cluster could not be asked by another one, or was gone before its answer was complete. */
const NODE_AWAY: ReadonlySet<string> = new Set([
  "32", // ATTEMPT_TO_READ_AFTER_EOF
  "101", // UNEXPECTED_PACKET_FROM_CLIENT: it goes away while it says hello
  "102", // UNEXPECTED_PACKET_FROM_SERVER
  "198", // DNS_ERROR
  "209", // SOCKET_TIMEOUT
  "210", // NETWORK_ERROR
  "279", // ALL_CONNECTION_TRIES_FAILED
]);
/** A node was asked before its tables were up to date. */
const NODE_NOT_READY: ReadonlySet<string> = new Set([
  "16", // NO_SUCH_COLUMN_IN_TABLE
  "47", // UNKNOWN_IDENTIFIER
  "60", // UNKNOWN_TABLE
  "81", // UNKNOWN_DATABASE
]);

const REGULAR_EXPRESSION = "427"; // CANNOT_COMPILE_REGEXP

/** What to wait before asking again, in seconds: the engine is back within one after a crash. */
const RETRY_AFTER_SECONDS = 1;

/** The answers that a question can get when the engine failed it, told without the engine's words. */
export function questionError(error: unknown): PolylogError {
  if (error instanceof PolylogError) return error;
  const code = clickHouseCode(error);
  if (isAway(error) || (code !== undefined && PASSING.has(code))) {
    return new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "The store can't be reached just now.", {
      cause: error,
      remedy: "Try again in a moment; /readyz tells when it is back.",
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  if (code === MEMORY && !isOwnMemory(error)) {
    return new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "Other questions take all the memory there is.", {
      cause: error,
      remedy: "Try again in a moment.",
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  if (error instanceof EngineError && error.code === "POLYLOG_E_ENGINE_ANSWER_TOO_LARGE") {
    return new PolylogError("POLYLOG_E_QUERY_LIMIT", "The answer is larger than 64 MB.", {
      cause: error,
      remedy: "Ask for fewer rows at a time: `limit`.",
    });
  }
  const limit = code === undefined ? undefined : LIMITS.get(code);
  if (limit !== undefined) {
    return new PolylogError("POLYLOG_E_QUERY_LIMIT", `The query was ended. ${limit}.`, {
      cause: error,
      remedy: "Shorten the time range, or add a word or a field that narrows it.",
    });
  }
  if (code === REGULAR_EXPRESSION) {
    return new PolylogError("POLYLOG_E_BAD_REQUEST", "A regular expression of the query is not valid.", {
      cause: error,
      remedy: "Use the syntax of RE2: no look-around, no back-references.",
    });
  }
  return new PolylogError(
    "POLYLOG_E_INTERNAL",
    "The store failed on this question; the server's log says why.",
    {
      cause: error,
    },
  );
}

/** Whether it was the question's own limit, rather than that of all the questions or of the whole engine. */
function isOwnMemory(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Query memory limit");
}

/** Whether the engine, or the node that was asked, can't be reached, or not any more. */
function isAway(error: unknown): boolean {
  return isUnavailable(error) || isBrokenConnection(error) || NODE_AWAY.has(clickHouseCode(error) ?? "");
}

/** Whether a question may succeed on the other nodes of a cluster, or on all of them a moment later. */
export function isOfOneNode(error: unknown): boolean {
  return isAway(error) || isNotReady(error);
}

/** Whether a node lacks a table or a column that it should have. */
export function isNotReady(error: unknown): boolean {
  return NODE_NOT_READY.has(clickHouseCode(error) ?? "");
}

/** Whether an error is one of the limits of a question. */
export function isLimit(error: unknown): boolean {
  return error instanceof PolylogError && error.code === "POLYLOG_E_QUERY_LIMIT";
}

/** Whether an error is the limit of time, so that a smaller question may still be answered. */
export function isTimeLimit(error: unknown): boolean {
  return (
    error instanceof PolylogError &&
    isLimit(error) &&
    ["159", "160"].includes(clickHouseCode(error.cause) ?? "")
  );
}

/**
 * The code of an error that ClickHouse answered with. Told by its form, not by its class: the engine's package may
 * bring a copy of the client's of its own.
 */
function clickHouseCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  return /^\d+$/.test(error.code) ? error.code : undefined;
}

/** Sockets that break while an answer is read, after the client's own check of the connection. */
function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return (
    code === "ECONNRESET" ||
    code === "ECONNREFUSED" ||
    code === "EPIPE" ||
    code === "ERR_STREAM_PREMATURE_CLOSE" ||
    error.message === "aborted" ||
    error.message.includes("socket hang up")
  );
}
