import type { FastifyInstance } from "fastify";
import { sendProblem } from "../../http/problem.ts";
import { named } from "../decode.ts";
import { registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";

/** Bytes of a request, decompressed; Zipkin's own server takes 10 MiB. */
const MAX_BYTES = 32 << 20;

/**
 * Zipkin: `POST /api/v2/spans`, in JSON and in protobuf. Answers 202 once the spans are committed.
 *
 * @example
 * registerZipkin(app, context);
 */
export function registerZipkin(app: FastifyInstance, context: ReceiverContext): void {
  registerHttpIntake(app, context, {
    receiver: "zipkin",
    maxBytes: MAX_BYTES,
    refuse: (_request, reply, error) => sendProblem(reply, error),
    routes(zipkin, take) {
      zipkin.post("/api/v2/spans", async (request, reply) => {
        const isProtobuf = /^application\/(?:x-)?protobuf\b/i.test(request.headers["content-type"] ?? "");
        const parameters = { now: context.now(), isProtobuf };
        return reply.code(202).send(await take(request, named("zipkin", parameters)));
      });
    },
  });
}
