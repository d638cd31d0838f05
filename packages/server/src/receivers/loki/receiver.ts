import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import type { RecordDefaults } from "../../formats/record-builder.ts";
import { OPEN } from "../../http/credentials.ts";
import { problemOf, STATUS_OF_ERROR, setRetryAfter } from "../../http/problem.ts";
import { named } from "../decode.ts";
import { describePartial, registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";
import { lengthOfSnappy } from "./snappy.ts";

/** Loki's own path, and the one before it. */
const PATHS = ["/loki/api/v1/push", "/api/prom/push"];
/** Bytes of a request, decompressed. Agents send one MiB. */
const MAX_BYTES = 32 << 20;
/** Characters of a tenant, which every record of the request gets; Loki's own limit. */
const MAX_TENANT = 150;

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
      // Vector, for one, asks so before it sends; without a token.
      loki.get("/ready", OPEN, async (_request, reply) =>
        context.isReady() ? tell(reply, 200, "ready") : tell(reply, 503, "not ready"),
      );
      for (const path of PATHS) {
        loki.post(path, async (request, reply) => {
          const parameters = {
            ...{ now: context.now(), maxBytes, isJson: isJson(request) },
            tenant: tenantOf(request),
          };
          const taken = await take(request, named("loki", parameters));
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

/** Whose logs they are, where Loki keeps those of many apart. */
function tenantOf({ headers }: FastifyRequest): RecordDefaults {
  const tenant = headers["x-scope-orgid"];
  if (typeof tenant !== "string" || tenant === "") return {};
  return { attributes: ["loki.tenant", tenant.slice(0, MAX_TENANT)] };
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
