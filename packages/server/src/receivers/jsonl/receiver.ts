import type { FastifyInstance, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import { sendProblem } from "../../http/problem.ts";
import { streamBody } from "../body.ts";
import { BodyMemory, type BodyRoom } from "../body-memory.ts";
import { writePatiently } from "../patient-write.ts";
import { registerRawBodies } from "../raw-body.ts";
import type { ReceiverContext } from "../receiver.ts";
import { reasonOf } from "../refusal.ts";
import { defaultsOf } from "../request-defaults.ts";
import type { LineError } from "./decoder.ts";
import { PartlyStored } from "./partly-stored.ts";
import { type Part, readLines } from "./reading.ts";

/** What a request is answered with. */
interface JsonlAnswer {
  /** Records committed. */
  readonly accepted: number;
  /** Lines that could not be read. */
  readonly rejected: number;
  /** The first ten of them. */
  readonly errors: readonly LineError[];
}

/**
 * The content types that JSON lines come with. `curl --data-binary` says that it sends a form unless told
 * otherwise, and many senders say nothing at all.
 */
const CONTENT_TYPES: ReadonlySet<string> = new Set([
  "",
  "application/json",
  "application/jsonl",
  "application/jsonlines",
  "application/json-lines",
  "application/ndjson",
  "application/octet-stream",
  "application/x-json-stream",
  "application/x-jsonlines",
  "application/x-ndjson",
  "application/x-www-form-urlencoded",
  "text/plain",
]);

/** The receiver's name with its records; our own programs say that theirs came from elsewhere. */
const RECEIVERS: ReadonlySet<string> = new Set(["file", "run"]);

/** What all requests together may hold before it is committed. */
const MEMORY_BYTES = 256 << 20;

/**
 * `POST /v1/jsonl`: any JSON lines, an array of objects, or one object. Answers {@link JsonlAnswer}; 400 when
 * nothing in it could be read. An error after a part of it was committed says how far it came, as `Progress`.
 *
 * @example
 * registerJsonl(app, context);
 * await app.listen({ port: 4318 });
 */
export function registerJsonl(app: FastifyInstance, context: ReceiverContext): void {
  app.register(async (jsonl) => {
    registerRawBodies(jsonl);
    jsonl.setErrorHandler((error, _request, reply) => {
      const reason = error instanceof PartlyStored ? error.cause : error;
      if (!(reason instanceof PolylogError)) {
        context.log.error("a request of JSON lines failed", { error: String(reason) });
      }
      return error instanceof PartlyStored
        ? sendProblem(reply, error.told, error.progress)
        : sendProblem(reply, error);
    });
    const memory = new BodyMemory(MEMORY_BYTES);
    jsonl.post("/v1/jsonl", async (request, reply) => {
      const answer = await receive(request, context, memory.of(request.ip));
      if (answer.accepted > 0 || answer.rejected === 0) return answer;
      const { line, message } = answer.errors[0]!;
      return reply.code(400).send({
        code: "POLYLOG_E_BAD_REQUEST",
        message: `Nothing in the body could be read. Line ${line}: ${message}.`,
        remedy: "Send one JSON object a line, or an array of objects.",
        ...answer,
      });
    });
  });
}

async function receive(
  request: FastifyRequest,
  context: ReceiverContext,
  memory: BodyRoom,
): Promise<JsonlAnswer> {
  const { counters, limits } = context;
  const receiver = receiverOf(request);
  const opening = { defaults: defaultsOf(request), receiver, now: context.now() };
  const reading = readLines(opening, context.decoding, request.ip);
  let accepted = 0;
  /** The line up to which everything is settled. */
  let line = 0;
  /** Of the bytes that are not settled. */
  let held = 0;

  const commit = async (part: Part): Promise<void> => {
    const { length } = part.records;
    if (length > 0) {
      await writePatiently(context.intake, part.records, part.bytes, receiver, accepted > 0);
      counters.accepted(receiver, length, part.bytes);
      accepted += length;
      line = part.line;
    }
    memory.give(part.bytes);
    held -= part.bytes;
  };

  try {
    checkContentType(request.headers["content-type"]);
    const body: AsyncIterable<Buffer> = streamBody(request.raw, request.headers, limits);
    for await (const chunk of body) {
      memory.take(chunk.length);
      held += chunk.length;
      for await (const part of reading.push(chunk)) await commit(part);
    }
    for await (const part of reading.end()) await commit(part);
  } catch (error) {
    counters.rejected(receiver, Math.max(1, reading.waiting), reasonOf(error));
    throw accepted > 0 ? new PartlyStored(error, { accepted, line }) : error;
  } finally {
    reading.close();
    memory.give(held);
  }
  const { rejected, errors } = reading;
  if (rejected > 0) counters.rejected(receiver, rejected, "malformed");
  return { accepted, rejected, errors };
}

function checkContentType(header: string | undefined): void {
  const type = (header ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (CONTENT_TYPES.has(type) || type.endsWith("+json")) return;
  throw new PolylogError(
    "POLYLOG_E_UNSUPPORTED_MEDIA_TYPE",
    `Content-Type "${type.slice(0, 64)}" is not JSON lines.`,
    { remedy: "Send application/x-ndjson or application/json; OTLP goes to /v1/logs." },
  );
}

/** What the records count as having come by. */
function receiverOf(request: FastifyRequest): string {
  const sender = request.headers["polylog-receiver"];
  return typeof sender === "string" && RECEIVERS.has(sender) ? sender : "jsonl";
}
