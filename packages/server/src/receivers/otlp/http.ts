import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import { keyOfAuthorization } from "../../http/access.ts";
import { noKey } from "../../http/credentials.ts";
import { STATUS_OF_ERROR } from "../../http/problem.ts";
import { BodyMemory, type BodyRoom } from "../../intake/body-memory.ts";
import { readBody } from "../body.ts";
import type { LogsPathSharer } from "../logs-path.ts";
import { registerRawBodies } from "../raw-body.ts";
import type { BodyLimits, ReceiverContext } from "../receiver.ts";
import { encodeStatus, encodeSuccess, statusOf } from "./answer.ts";
import { MAX_JSON_BYTES } from "./limits.ts";
import { receive } from "./receiver.ts";
import { type Encoding, RECEIVER, SIGNALS } from "./signals.ts";

/** The content types that requests come in; an answer has its request's. */
const ENCODING_OF_TYPE: ReadonlyMap<string, Encoding> = new Map([
  ["application/x-protobuf", "protobuf"],
  ["application/protobuf", "protobuf"],
  ["application/json", "json"],
]);

const LOGS_PATH = "/v1/logs";

/**
 * OTLP over HTTP: `POST /v1/logs`, `/v1/traces` and `/v1/metrics`, in protobuf and in JSON.
 *
 * @param sharers other protocols that come to `/v1/logs`
 *
 * Source: OTLP specification, "OTLP/HTTP".
 *
 * @example
 * registerOtlpHttp(app, context);
 * await app.listen({ port: 4318 });
 */
export function registerOtlpHttp(
  app: FastifyInstance,
  context: ReceiverContext,
  sharers: readonly LogsPathSharer[] = [],
): void {
  const memory = new BodyMemory(2 * context.limits.decompressed);
  app.register(async (otlp) => {
    registerRawBodies(otlp);
    otlp.setErrorHandler((error, request, reply) => {
      if (isTypeRefusal(error)) {
        context.counters.rejected(RECEIVER, 1, "unsupported_type");
        return refuse(request, reply, wrongType(request));
      }
      if (!(error instanceof PolylogError)) {
        context.log.error("an OTLP request failed", { path: request.routeOptions.url, error: String(error) });
      }
      return refuse(request, reply, error);
    });
    for (const signal of SIGNALS) {
      const others = signal.httpPath === LOGS_PATH ? sharers : [];
      const hasKeyInBody = (request: FastifyRequest): boolean =>
        others.some((other) => other.hasKeyInBody?.(request) === true);
      const config = { credentials: { isInBody: hasKeyInBody } };
      otlp.post(signal.httpPath, { config }, async (request, reply) => {
        const encoding = encodingOf(request);
        const body = bodyOf(request, context.limits, memory.of(request.ip), others.length > 0);
        const owner = encoding === "json" ? await ownerOf(others, request, body) : undefined;
        // Let in without a key, for one that its body may hold: whose body holds none has to have it in its head.
        const isChecked = !hasKeyInBody(request) || owner?.hasKeyInBody?.(request) === true;
        const isLetIn = isChecked || context.isKey(keyOfAuthorization(request.headers.authorization));
        if (owner !== undefined) {
          const failed = (error: unknown) => owner.refuse(request, reply, error);
          return isLetIn ? owner.receive(request, reply, await body).catch(failed) : failed(noKey());
        }
        const ownBody = body.then((bytes) => {
          if (!ENCODING_OF_TYPE.has(mediaType(request))) throw wrongType(request);
          if (!isLetIn) throw noKey();
          return bytes;
        });
        const outcome = await receive(signal, encoding, ownBody, context, request.ip);
        return reply.type(typeOf(encoding)).send(encodeSuccess(signal, outcome, encoding));
      });
    }
  });
}

/** @param isShared true when other protocols come to the same path, whose types aren't known here */
async function bodyOf(
  request: FastifyRequest,
  limits: BodyLimits,
  memory: BodyRoom,
  isShared: boolean,
): Promise<Buffer> {
  const encoding = ENCODING_OF_TYPE.get(mediaType(request));
  if (encoding === undefined && !isShared) throw wrongType(request);
  const decompressed =
    encoding === "protobuf" ? limits.decompressed : Math.min(limits.decompressed, MAX_JSON_BYTES);
  return readBody(request.raw, request.headers, { compressed: limits.compressed, decompressed }, memory);
}

/** The other protocol that a request belongs to. A body that can't be read is OTLP's to refuse. */
async function ownerOf(
  others: readonly LogsPathSharer[],
  request: FastifyRequest,
  body: Promise<Buffer>,
): Promise<LogsPathSharer | undefined> {
  if (others.length === 0) return undefined;
  const bytes = await body.catch(() => undefined);
  return bytes && others.find((other) => other.claims(request, bytes));
}

function wrongType(request: FastifyRequest): PolylogError {
  const type = mediaType(request).slice(0, 64);
  return new PolylogError("POLYLOG_E_UNSUPPORTED_MEDIA_TYPE", `Content-Type "${type}" is not one of OTLP's`, {
    remedy: "Send application/x-protobuf or application/json.",
  });
}

/** True for Fastify's own refusal of a content type that is not even in the form of one. */
function isTypeRefusal(error: unknown): boolean {
  return (error as { statusCode?: unknown }).statusCode === 415;
}

/** Answers with `google.rpc.Status`. */
function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const status = statusOf(error);
  const encoding = encodingOf(request);
  if (status.retryAfterSeconds !== undefined) reply.header("retry-after", String(status.retryAfterSeconds));
  return reply
    .code(error instanceof PolylogError ? STATUS_OF_ERROR[error.code] : 500)
    .type(typeOf(encoding))
    .send(encodeStatus(status, encoding));
}

/** The encoding of a request and its answer; JSON, which people can read, where the type is none of OTLP's. */
function encodingOf(request: FastifyRequest): Encoding {
  return ENCODING_OF_TYPE.get(mediaType(request)) ?? "json";
}

function mediaType(request: FastifyRequest): string {
  return (request.headers["content-type"] ?? "").split(";", 1)[0]!.trim().toLowerCase();
}

function typeOf(encoding: Encoding): string {
  return encoding === "json" ? "application/json" : "application/x-protobuf";
}
