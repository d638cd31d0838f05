import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import { keyOfAuthorization } from "../../http/access.ts";
import { type KeyFault, noKey } from "../../http/credentials.ts";
import { problemOf, STATUS_OF_ERROR } from "../../http/problem.ts";
import { notStorable } from "../../intake/refusal.ts";
import { named } from "../decode.ts";
import { registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";
import { decodeEvents } from "./events.ts";

/** Bytes of a request. Source: Scalyr's API: 6 MB; its agent may be told to send a little more. */
const MAX_BYTES = 8 << 20;

/**
 * Scalyr, now DataSet: `POST /api/addEvents`, `/addEvents` and `/api/uploadLogs`.
 *
 * @example
 * registerScalyr(app, context);
 */
export function registerScalyr(app: FastifyInstance, context: ReceiverContext): void {
  const { isKey, now } = context;
  registerHttpIntake(app, context, {
    receiver: "scalyr",
    maxBytes: MAX_BYTES,
    tellsUnstored: true,
    refuse: (_request, reply, error) => refuse(reply, error),
    routes(scalyr, take) {
      const inBody = { config: { credentials: { isInBody: () => true, refuse: refuseKey } } };
      for (const path of ["/api/addEvents", "/addEvents"]) {
        scalyr.post(path, inBody, async (request, reply) => {
          const { authorization } = request.headers;
          const isAllowed = (token: string | undefined) =>
            isKey(token) || isKey(keyOfAuthorization(authorization));
          const taken = await take(request, (body) => decodeEvents(body, now(), isAllowed));
          const { accepted, rejected, unstored = 0 } = taken;
          // Whatever else it is answered with, the agent sends a request again that is refused.
          return reply.send({ status: "success", bytesCharged: 0, accepted, rejected: rejected + unstored });
        });
      }
      const inQuery = { config: { credentials: { keyOf: tokenOf, refuse: refuseKey } } };
      scalyr.post("/api/uploadLogs", inQuery, async (request, reply) => {
        const query = request.query as Readonly<Record<string, unknown>>;
        const { accepted, unstored } = await take(request, named("scalyr", { query, now: now() }));
        if (unstored !== undefined) throw notStorable(unstored, accepted + unstored);
        return reply.send({ status: "success" });
      });
    },
  });
}

function tokenOf(request: FastifyRequest): string | undefined {
  const { token } = request.query as { readonly token?: unknown };
  return typeof token === "string" ? token : undefined;
}

function refuseKey(_request: FastifyRequest, reply: FastifyReply, _fault: KeyFault): FastifyReply {
  return refuse(reply, noKey());
}

/** Answers as Scalyr does: clients read `status`, whose middle says whose fault it is. */
function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  const { message, code } = problemOf(error);
  const status = error instanceof PolylogError ? STATUS_OF_ERROR[error.code] : 500;
  if (error instanceof PolylogError && error.retryAfterSeconds !== undefined) {
    reply.header("retry-after", String(Math.max(1, Math.ceil(error.retryAfterSeconds))));
  }
  return reply.code(status).send({ status: statusWord(status), message, code });
}

function statusWord(status: number): string {
  if (status === 401) return "error/client/noPermission";
  if (status === 429 || status === 503) return "error/server/backoff";
  return status < 500 ? "error/client/badParam" : "error/server";
}
