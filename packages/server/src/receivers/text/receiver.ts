import type { FastifyInstance, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import { LineAssembler } from "../../formats/lines/line-assembler.ts";
import { type TimeZone, timeZone, UTC } from "../../formats/time/zone.ts";
import { sendProblem } from "../../http/problem.ts";
import { type DecodedRecords, registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";
import { defaultsOf } from "../request-defaults.ts";

/** Bytes that are cut into records in one go. */
const SLICE_BYTES = 32 << 10;

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
        const zone = zoneOf(request);
        const { accepted } = await take(request, (body) => decode(body, request, zone, context.now));
        return { accepted };
      });
    },
  });
}

function* decode(body: Buffer, request: FastifyRequest, zone: TimeZone, now: () => bigint): DecodedRecords {
  const assembler = new LineAssembler({ now, zone, isFile: true, defaults: defaultsOf(request) });
  for (let start = 0; start < body.length; start += SLICE_BYTES) {
    yield* assembler.push(body.subarray(start, start + SLICE_BYTES));
  }
  yield* assembler.end();
}

/** `?zone=Europe/Berlin`, for times that name none; UTC unless told. */
function zoneOf(request: FastifyRequest): TimeZone {
  const { zone } = request.query as { zone?: unknown };
  if (typeof zone !== "string") return UTC;
  try {
    return timeZone(zone);
  } catch (cause) {
    throw new PolylogError("POLYLOG_E_BAD_REQUEST", (cause as Error).message, {
      cause,
      remedy: "Give an IANA name such as Europe/Berlin, or an offset such as +02:00.",
    });
  }
}
