import { type ErrorCode, PolylogError } from "../../errors.ts";
import { problemOf } from "../../http/problem.ts";

/**
 * What HEC says, with its number and its status. Source: Splunk, "Troubleshoot HTTP Event Collector", possible
 * error codes.
 */
const HEC = {
  success: [200, 0, "Success"],
  tokenRequired: [401, 2, "Token is required"],
  invalidAuthorization: [401, 3, "Invalid authorization"],
  invalidToken: [403, 4, "Invalid token"],
  noData: [400, 5, "No data"],
  invalidFormat: [400, 6, "Invalid data format"],
  internalError: [500, 8, "Internal server error"],
  busy: [503, 9, "Server is busy"],
  channelMissing: [400, 10, "Data channel is missing"],
  invalidChannel: [400, 11, "Invalid data channel"],
  eventRequired: [400, 12, "Event field is required"],
  eventBlank: [400, 13, "Event field cannot be blank"],
  fieldsInvalid: [400, 15, "Error in handling indexed fields"],
  healthy: [200, 17, "HEC is healthy"],
  unhealthy: [503, 18, "HEC is unhealthy, queues are full"],
  stopping: [503, 23, "Server is shutting down"],
  tooLarge: [413, 27, "Request entity too large"],
} as const satisfies Record<string, readonly [status: number, code: number, text: string]>;

export type HecWord = keyof typeof HEC;

/** An answer of HEC, ready to be sent. */
export interface HecAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * @param more what is told beside the code, such as `ackId`
 * @example
 * answerOf("noData").body; // { text: "No data", code: 5 }
 */
export function answerOf(word: HecWord, more: Readonly<Record<string, unknown>> = {}): HecAnswer {
  const [status, code, text] = HEC[word];
  return { status, body: { text, code, ...more } };
}

const WORD_OF_ERROR: Partial<Record<ErrorCode, HecWord>> = {
  POLYLOG_E_BAD_REQUEST: "invalidFormat",
  POLYLOG_E_UNSUPPORTED_MEDIA_TYPE: "invalidFormat",
  POLYLOG_E_TOO_LARGE: "tooLarge",
  POLYLOG_E_INTAKE_FULL: "busy",
  POLYLOG_E_STORE_UNAVAILABLE: "busy",
  POLYLOG_E_STOPPING: "stopping",
};

/** The answer to a request that failed. Clients try again on 503 alone; `polylog` says what HEC has no word for. */
export function answerOfError(error: unknown): HecAnswer {
  const word = (error instanceof PolylogError && WORD_OF_ERROR[error.code]) || "internalError";
  return answerOf(word, { polylog: problemOf(error).message });
}
