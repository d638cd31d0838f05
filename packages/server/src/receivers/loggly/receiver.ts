import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import { noKey, type RouteCredentials } from "../../http/credentials.ts";
import { problemOf, STATUS_OF_ERROR, setRetryAfter } from "../../http/problem.ts";
import { named } from "../decode.ts";
import { registerHttpIntake } from "../http-intake.ts";
import { isSyslog, PAPERTRAIL } from "../papertrail/syslog.ts";
import type { ReceiverContext } from "../receiver.ts";
import { decodeInput } from "./decoder.ts";

const RECEIVER = "loggly";
/** The token, and tags behind it; a slash at the end is usual. */
const ENDINGS = ["/:token", "/:token/", "/:token/tag/:tags", "/:token/tag/:tags/"];

/** Loggly's own limits, of tags and of the characters of one. */
const MAX_TAGS = 64;
const MAX_TAG_LENGTH = 64;

const CREDENTIALS: RouteCredentials = {
  keyOf: ({ params }) => (params as { token?: string }).token,
  refuse: (_request, reply) => refuse(reply, noKey()),
};

/**
 * Loggly's inputs and bulk; the path of the latter is Papertrail's as well, whose lines are syslog's.
 *
 * Source: Loggly, "HTTP/S Event Endpoint" and "HTTP/S Bulk Endpoint".
 *
 * @example
 * registerLoggly(app, context);
 * await fetch(`${url}/inputs/TOKEN/tag/http/`, { method: "POST", body: "hello" });
 */
export function registerLoggly(app: FastifyInstance, context: ReceiverContext): void {
  registerHttpIntake(app, context, {
    receiver: RECEIVER,
    refuse: (_request, reply, error) => refuse(reply, error),
    routes(loggly, take) {
      const config = { credentials: CREDENTIALS };
      for (const ending of ENDINGS) {
        loggly.post(`/inputs${ending}`, { config }, async (request) => {
          await take(request, (body) => decodeInput(body, tagsOf(request), context.now()));
          return { response: "ok" };
        });
        loggly.post(`/bulk${ending}`, { config }, async (request) => {
          const nameOf = (body: Buffer): string => (isSyslog(body) ? PAPERTRAIL : RECEIVER);
          await take(request, named("loggly", { tags: tagsOf(request), now: context.now() }), nameOf);
          return { response: "ok" };
        });
      }
    },
  });
}

/** Tags in the path and in `X-LOGGLY-TAG`, each once. */
function tagsOf(request: FastifyRequest): readonly string[] {
  const { tags = "" } = request.params as { tags?: string };
  const header = request.headers["x-loggly-tag"] ?? "";
  const all = `${tags},${String(header)}`.split(",").map((tag) => tag.trim().slice(0, MAX_TAG_LENGTH));
  return [...new Set(all.filter((tag) => tag !== ""))].slice(0, MAX_TAGS);
}

function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  setRetryAfter(reply, error);
  return reply
    .code(error instanceof PolylogError ? STATUS_OF_ERROR[error.code] : 500)
    .type("application/json")
    .send(JSON.stringify({ response: "error", message: problemOf(error).message }));
}
