import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RecordBuilder } from "../../formats/record-builder.ts";
import { sendProblem } from "../../http/problem.ts";
import { named } from "../decode.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { refuseFailed, registerHttpIntake, takeBody } from "../http-intake.ts";
import type { LogsPathSharer } from "../logs-path.ts";
import type { ReceiverContext } from "../receiver.ts";
import { TextReader } from "../text-reader.ts";
import { isSyslog, PAPERTRAIL } from "./syslog.ts";

/** What a line is sent as, by those who say so; requests of OTLP and others come to the same path. */
const TEXT_TYPE = /^(?:text\/|application\/(?:octet-stream|x-www-form-urlencoded|logplex-1)\b|$)/i;

/**
 * Papertrail over HTTPS, a line a request: `POST /v1/logs`. What says that it is something else than text
 * is only taken when it begins as syslog does.
 */
export function papertrailLogs(context: ReceiverContext): LogsPathSharer {
  return {
    claims: ({ headers }, body) => TEXT_TYPE.test(headers["content-type"] ?? "") || isSyslog(body),
    async receive(request, reply, body) {
      await takeBody(context, PAPERTRAIL, body, (bytes) => decodeLine(bytes, context.now()), request.ip);
      return reply.code(202).send({});
    },
    refuse: (request, reply, error) =>
      refuseFailed(context, { receiver: PAPERTRAIL, refuse }, request, reply, error),
  };
}

/**
 * Papertrail over HTTPS, a line an event: `POST /v1/logs/bulk`. Its older `/bulk/TOKEN` is Loggly's path too, and
 * registered there.
 *
 * @example
 * registerPapertrail(app, context);
 * await fetch(`${url}/v1/logs/bulk`, { method: "POST", body: "<134>1 - web-1 shop - - - hello" });
 */
export function registerPapertrail(app: FastifyInstance, context: ReceiverContext): void {
  registerHttpIntake(app, context, {
    receiver: PAPERTRAIL,
    refuse,
    routes(papertrail, take) {
      papertrail.post("/v1/logs/bulk", async (request, reply) => {
        await take(request, named("papertrail", { now: context.now() }));
        return reply.code(202).send({});
      });
    },
  });
}

/** One line, or one text of many. */
function* decodeLine(body: Buffer, now: bigint): DecodedRecords {
  const text = body.toString("utf8").trimEnd();
  if (text === "") return;
  yield new RecordBuilder().build(new TextReader(now).read(text), now, now);
}

function refuse(_request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  return sendProblem(reply, error);
}
