import type { FastifyReply } from "fastify";
import { type ErrorCode, PolylogError } from "../../errors.ts";
import { problemOf, STATUS_OF_ERROR, setRetryAfter } from "../../http/problem.ts";

/** The header without which the official clients refuse to talk. */
export const PRODUCT = { "x-elastic-product": "Elasticsearch" } as const;

const TYPE_OF_ERROR: Partial<Record<ErrorCode, string>> = {
  POLYLOG_E_BAD_REQUEST: "illegal_argument_exception",
  POLYLOG_E_UNSUPPORTED_MEDIA_TYPE: "media_type_header_exception",
  POLYLOG_E_TOO_LARGE: "content_too_long_exception",
  POLYLOG_E_INTAKE_FULL: "es_rejected_execution_exception",
  POLYLOG_E_STORE_UNAVAILABLE: "unavailable_shards_exception",
  POLYLOG_E_STOPPING: "node_closed_exception",
  POLYLOG_E_UNAUTHORIZED: "security_exception",
};

/** Answers with an error as Elasticsearch words it. */
export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  const isOurs = error instanceof PolylogError;
  const type = (isOurs && TYPE_OF_ERROR[error.code]) || "exception";
  const status = isOurs ? STATUS_OF_ERROR[error.code] : 500;
  const cause = { type, reason: problemOf(error).message };
  setRetryAfter(reply, error);
  if (status === 401) reply.header("www-authenticate", 'Basic realm="Polylog", charset="UTF-8", ApiKey');
  return reply
    .code(status)
    .headers(PRODUCT)
    .type("application/json")
    .send(JSON.stringify({ error: { root_cause: [cause], ...cause }, status }));
}
