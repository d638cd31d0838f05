import type { FastifyInstance } from "fastify";
import { sendProblem } from "../../http/problem.ts";
import { named } from "../decode.ts";
import { registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";

/**
 * GELF over HTTP: `POST /gelf` with one message, or one on each line. Answers 202 once they are committed.
 *
 * @example
 * registerGelfHttp(app, context);
 */
export function registerGelfHttp(app: FastifyInstance, context: ReceiverContext): void {
  registerHttpIntake(app, context, {
    receiver: "gelf",
    refuse: (_request, reply, error) => sendProblem(reply, error),
    routes(gelf, take) {
      gelf.post("/gelf", async (request, reply) => {
        const taken = await take(request, named("gelf", { now: context.now() }));
        return reply.code(202).send(taken);
      });
    },
  });
}
