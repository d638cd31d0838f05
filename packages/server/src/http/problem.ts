import type { FastifyReply } from "fastify";
import type { Problem } from "../contract/index.ts";
import { type ErrorCode, PolylogError } from "../errors.ts";

/** The HTTP status of each error. */
export const STATUS_OF_ERROR = {
  POLYLOG_E_BAD_REQUEST: 400,
  POLYLOG_E_QUERY_SYNTAX: 400,
  POLYLOG_E_UNAUTHORIZED: 401,
  POLYLOG_E_FORBIDDEN: 403,
  POLYLOG_E_NOT_FOUND: 404,
  POLYLOG_E_TOO_LARGE: 413,
  POLYLOG_E_UNSUPPORTED_MEDIA_TYPE: 415,
  POLYLOG_E_QUERY_LIMIT: 422,
  POLYLOG_E_INTAKE_FULL: 429,
  POLYLOG_E_CONFIG: 500,
  POLYLOG_E_PORT_IN_USE: 500,
  POLYLOG_E_SERVER_AWAY: 502,
  POLYLOG_E_SCHEMA: 500,
  POLYLOG_E_INTERNAL: 500,
  POLYLOG_E_STORE_UNAVAILABLE: 503,
  POLYLOG_E_STOPPING: 503,
} as const satisfies Record<ErrorCode, number>;

/** The body that tells of an error. Errors that are not ours tell nothing of their inside. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof PolylogError)) {
    return { code: "POLYLOG_E_INTERNAL", message: "The server failed on this request; its log says why." };
  }
  return {
    code: error.code,
    message: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.position === undefined ? {} : { position: error.position }),
    ...(error.expected === undefined ? {} : { expected: [...error.expected] }),
  };
}

/**
 * Answers with a problem, its status and, where trying again helps, `Retry-After`.
 *
 * @param more what a route tells beside it
 */
export function sendProblem(reply: FastifyReply, error: unknown, more: object = {}): FastifyReply {
  const status = error instanceof PolylogError ? STATUS_OF_ERROR[error.code] : 500;
  setRetryAfter(reply, error);
  return reply
    .code(status)
    .type("application/json")
    .send(JSON.stringify({ ...problemOf(error), ...more }));
}

/** Says when to try again, in whole seconds, on an error that passes. */
export function setRetryAfter(reply: FastifyReply, error: unknown): void {
  if (error instanceof PolylogError && error.retryAfterSeconds !== undefined) {
    reply.header("retry-after", String(Math.max(1, Math.ceil(error.retryAfterSeconds))));
  }
}
