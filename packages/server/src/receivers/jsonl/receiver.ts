import type { FastifyInstance, FastifyRequest } from "fastify";
import type { LineError } from "../../decoding/protocol.ts";
import { PolylogError } from "../../errors.ts";
import { sendProblem } from "../../http/problem.ts";
import { beginUpload, type Upload } from "../../http/upload.ts";
import { BodyMemory, createPartsRoom, type PartsRoom } from "../../intake/body-memory.ts";
import { NOT_STORABLE, reasonOf } from "../../intake/refusal.ts";
import { streamBody } from "../body.ts";
import { registerRawBodies } from "../raw-body.ts";
import type { ReceiverContext } from "../receiver.ts";
import { defaultsOf } from "../request-defaults.ts";
import { MAX_ERRORS } from "./decoder.ts";
import { PartlyStored } from "./partly-stored.ts";
import { MOST_HELD_BYTES } from "./parts.ts";
import { type Part, readLines } from "./reading.ts";

/** What a request is answered with. */
interface JsonlAnswer {
  /** Records committed. */
  readonly accepted: number;
  /** Lines that could not be read, and records that can't be stored. */
  readonly rejected: number;
  /** The first ten of the lines, and then what is to be said of records that can't be stored. */
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
 * nothing in it could be kept. An error after a part of it was committed says how far it came, as `Progress`.
 *
 * @example
 * registerJsonl(app, context);
 * await app.listen({ port: 4318 });
 */
export function registerJsonl(
  app: FastifyInstance,
  context: ReceiverContext,
  memory = new BodyMemory(MEMORY_BYTES),
): void {
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
    jsonl.post("/v1/jsonl", async (request, reply) => {
      const room = createPartsRoom(memory.of(request.ip), MOST_HELD_BYTES);
      const answer = await receive(request, context, room);
      if (answer.accepted > 0 || answer.rejected === 0) return answer;
      const { line, message } = answer.errors[0]!;
      return reply.code(400).send({
        code: "POLYLOG_E_BAD_REQUEST",
        message: `Nothing in the body could be kept. Line ${line}: ${message}.`,
        remedy: "Send one JSON object a line, or an array of objects.",
        ...answer,
      });
    });
  });
}

async function receive(
  request: FastifyRequest,
  context: ReceiverContext,
  room: PartsRoom,
): Promise<JsonlAnswer> {
  const { counters, limits } = context;
  const receiver = receiverOf(request);
  const opening = { defaults: defaultsOf(request), receiver, now: context.now() };
  const reading = readLines(opening, context.decoding, request.ip);
  /** Lines that could not be read, of those that are settled. */
  let unreadBefore = 0;
  /** What is settled: all up to `line`. */
  const settled = { accepted: 0, rejected: 0, line: 0 };
  const unstored: LineError[] = [];
  let upload: Upload | undefined;

  const commit = async ({ records, bytes, line }: Part): Promise<void> => {
    const unread = reading.rejected - unreadBefore;
    const { length } = records;
    let refused = 0;
    if (length > 0) {
      const options = { isUnderWay: settled.accepted > 0 };
      ({ refused } = await context.intake.writeLogs(records, bytes, receiver, options));
    }
    if (refused < length) counters.accepted(receiver, length - refused, bytes);
    if (refused > 0) {
      counters.rejected(receiver, refused, NOT_STORABLE);
      const lines = `of lines ${settled.line + 1} to ${line}`;
      unstored.push({ line, message: `${lines}, ${refused} of ${length} records can't be stored` });
    }
    if (unread > 0) counters.rejected(receiver, unread, "malformed");
    unreadBefore += unread;
    settled.accepted += length - refused;
    settled.rejected += unread + refused;
    settled.line = line;
    room.settle(bytes);
  };

  try {
    checkContentType(request.headers["content-type"]);
    const body: AsyncIterable<Buffer> = streamBody(request.raw, request.headers, limits);
    for await (const chunk of body) {
      room.hold(chunk.length);
      upload?.count(chunk.length);
      for await (const part of reading.push(chunk)) {
        room.reserve();
        upload ??= beginUpload(request.raw);
        await upload.hold(commit(part));
      }
    }
    for await (const part of reading.end()) await commit(part);
  } catch (error) {
    counters.rejected(receiver, Math.max(1, reading.waiting), reasonOf(error));
    throw settled.accepted > 0 ? new PartlyStored(error, settled) : error;
  } finally {
    upload?.end();
    reading.close();
    room.release();
  }
  const { accepted, rejected } = settled;
  return { accepted, rejected, errors: [...reading.errors, ...unstored].slice(0, MAX_ERRORS) };
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
