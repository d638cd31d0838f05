import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { noKey } from "../../http/credentials.ts";
import { sendProblem } from "../../http/problem.ts";
import { named } from "../decode.ts";
import { registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";

/** Bytes of a request: a hundred entries of what Raygun's clients allow one to be. */
const MAX_BYTES = 16 << 20;

/**
 * Raygun: `POST /entries` with one error, `POST /entries/bulk` with a list of them.
 *
 * @example
 * registerRaygun(app, context);
 */
export function registerRaygun(app: FastifyInstance, context: ReceiverContext): void {
  registerHttpIntake(app, context, {
    receiver: "raygun",
    maxBytes: MAX_BYTES,
    refuse: (_request, reply, error) => sendProblem(reply, error),
    routes(raygun, take) {
      const config = {
        credentials: {
          keyOf,
          // Raygun's own status for it.
          refuse: (_request: FastifyRequest, reply: FastifyReply) => sendProblem(reply, noKey()).code(403),
        },
      };
      for (const path of ["/entries", "/entries/bulk"]) {
        raygun.post(path, { config }, async (request, reply) => {
          const taken = await take(request, named("raygun", { now: context.now() }));
          return reply.code(202).send(taken);
        });
      }
    },
  });
}

/** Browsers send it in the address. */
function keyOf({ headers, query }: FastifyRequest): string | undefined {
  const key = headers["x-apikey"] ?? (query as { readonly apikey?: unknown }).apikey;
  return typeof key === "string" ? key : undefined;
}
