import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { keyOfAuthorization } from "../../http/access.ts";
import { sendProblem } from "../../http/problem.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { refuseFailed, registerHttpIntake, takeBody } from "../http-intake.ts";
import type { LogsPathSharer } from "../logs-path.ts";
import type { ReceiverContext } from "../receiver.ts";
import { decodeAuralogs } from "./decoder.ts";

const RECEIVER = "auralogs";
/** Where OTLP's requests have `resourceLogs`, these have their key or their entries. */
const FIRST_NAME = /^[\s\ufeff]*\{\s*"(?:projectApiKey|logs)"\s*:/;
/** Bytes that are looked at for that. */
const HEAD_BYTES = 256;

/**
 * Auralogs' batches, which come to `POST /v1/logs` as OTLP's do.
 *
 * @example
 * registerOtlpHttp(app, context, [auralogsOnLogsPath(context)]);
 */
export function auralogsOnLogsPath(context: ReceiverContext): LogsPathSharer {
  return {
    claims: (_request, body) => FIRST_NAME.test(body.toString("utf8", 0, HEAD_BYTES)),
    hasKeyInBody,
    async receive(request, reply, body) {
      return reply
        .code(202)
        .send(await takeBody(context, RECEIVER, body, decoderOf(request, context), request.ip));
    },
    refuse: (request, reply, error) =>
      refuseFailed(context, { receiver: RECEIVER, refuse }, request, reply, error),
  };
}

/**
 * Auralogs' urgent entries: `POST /v1/logs/single`.
 *
 * @example
 * registerAuralogsSingle(app, context);
 */
export function registerAuralogsSingle(app: FastifyInstance, context: ReceiverContext): void {
  registerHttpIntake(app, context, {
    receiver: RECEIVER,
    refuse,
    routes(auralogs, take) {
      const config = { credentials: { isInBody: hasKeyInBody } };
      auralogs.post("/v1/logs/single", { config }, async (request, reply) =>
        reply.code(202).send(await take(request, decoderOf(request, context))),
      );
    },
  });
}

/** An Auralogs SDK has its key in the body and no `Authorization`. */
function hasKeyInBody(request: FastifyRequest): boolean {
  return request.headers.authorization === undefined;
}

function decoderOf(request: FastifyRequest, { isKey, now }: ReceiverContext) {
  const { authorization } = request.headers;
  return (body: Buffer): DecodedRecords =>
    decodeAuralogs(body, now(), (key) => isKey(key) || isKey(keyOfAuthorization(authorization)));
}

function refuse(_request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  return sendProblem(reply, error);
}
