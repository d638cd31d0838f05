import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import { problemOf, STATUS_OF_ERROR, setRetryAfter } from "../../http/problem.ts";
import { type DecodedRecords, describePartial, registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";
import { decodeJson } from "./json.ts";
import { decodeProtobuf } from "./protobuf.ts";
import { lengthOfSnappy, uncompressSnappy } from "./snappy.ts";

/** Loki's own path, and the one before it. */
const PATHS = ["/loki/api/v1/push", "/api/prom/push"];
/** Bytes of a request, decompressed. Agents send one MiB. */
const MAX_BYTES = 32 << 20;

/**
 * Loki's push API: protobuf compressed by snappy, and JSON.
 *
 * Source: Loki, "HTTP API", ingest logs.
 *
 * @example
 * registerLoki(app, context);
 * await fetch(`${url}/loki/api/v1/push`, { method: "POST", headers, body: '{"streams":[]}' });
 */
export function registerLoki(app: FastifyInstance, context: ReceiverContext): void {
  const maxBytes = Math.min(MAX_BYTES, context.limits.decompressed);
  registerHttpIntake(app, context, {
    receiver: "loki",
    maxBytes: MAX_BYTES,
    headersOf({ headers }) {
      // Some agents name the coding that protobuf has in any case.
      return headers["content-encoding"] === "snappy"
        ? { "content-length": headers["content-length"] }
        : headers;
    },
    // Snappy is undone by the decoder, and what comes out of it is in memory until the last record is read.
    sizeOf: (request, body) =>
      isJson(request) ? body.length : Math.max(body.length, lengthOfSnappy(body, maxBytes)),
    refuse: (_request, reply, error) => refuse(reply, error),
    routes(loki, take) {
      for (const path of PATHS) {
        loki.post(path, async (request, reply) => {
          const decode = isJson(request) ? decodeJson : decodeSnappy;
          const taken = await take(request, (body) => decode(body, context.now(), maxBytes));
          if (taken.rejected === 0) return reply.code(204).send();
          // Loki has no other answer to a request that is good in part; nobody sends it again.
          return tell(reply, 400, describePartial(taken, "entries"));
        });
      }
    },
  });
}

function isJson(request: FastifyRequest): boolean {
  return (request.headers["content-type"] ?? "").toLowerCase().startsWith("application/json");
}

function* decodeSnappy(body: Buffer, now: bigint, maxBytes: number): DecodedRecords {
  yield* decodeProtobuf(yield* uncompressSnappy(body, maxBytes), now);
}

function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  setRetryAfter(reply, error);
  return tell(
    reply,
    error instanceof PolylogError ? STATUS_OF_ERROR[error.code] : 500,
    problemOf(error).message,
  );
}

function tell(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).type("text/plain; charset=utf-8").send(`${message}\n`);
}
