import type { FastifyInstance, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import { timeZone } from "../../formats/time/zone.ts";
import { sendProblem } from "../../http/problem.ts";
import { named } from "../decode.ts";
import { registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";
import { defaultsOf } from "../request-defaults.ts";

/**
 * `POST /v1/text`: lines as they stand in a log file. Their format is told line by line, and stack traces and
 * other continuation lines are joined to the record before them, as `polylog import` does it.
 *
 * @example
 * registerText(app, context);
 * await fetch(`${url}/v1/text?service=shop`, { method: "POST", body: "level=warn msg=late\n" });
 */
export function registerText(app: FastifyInstance, context: ReceiverContext): void {
  registerHttpIntake(app, context, {
    receiver: "text",
    refuse: (_request, reply, error) => sendProblem(reply, error),
    routes(text, take) {
      text.post("/v1/text", async (request) => {
        const parameters = { now: context.now(), zone: zoneOf(request), defaults: defaultsOf(request) };
        const { accepted } = await take(request, named("text", parameters));
        return { accepted };
      });
    },
  });
}

/** `?zone=Europe/Berlin`, for times that name none; UTC unless told. */
function zoneOf(request: FastifyRequest): string {
  const { zone } = request.query as { zone?: unknown };
  if (typeof zone !== "string") return "UTC";
  try {
    timeZone(zone);
    return zone;
  } catch (cause) {
    throw new PolylogError("POLYLOG_E_BAD_REQUEST", (cause as Error).message, {
      cause,
      remedy: "Give an IANA name such as Europe/Berlin, or an offset such as +02:00.",
    });
  }
}
