import { setImmediate } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../errors.ts";
import type { LogRecord } from "../record/record.ts";
import { readBody } from "./body.ts";
import { BodyMemory } from "./body-memory.ts";
import { registerRawBodies } from "./raw-body.ts";
import type { ReceiverContext } from "./receiver.ts";
import { reasonOf } from "./refusal.ts";

/** Records of one request. Bytes alone don't bound them: two bytes of JSON make one that takes hundreds. */
const MAX_RECORDS = 200_000;
/** Milliseconds of decoding, after which others get their turn. */
const TURN = 4;
/** Records between two looks at the clock. */
const RECORDS_PER_LOOK = 64;

/**
 * What a decoder gives: the records of a request one by one, `undefined` for something between them that takes
 * time and is none, and `null` for one that could not be read. It throws `POLYLOG_E_BAD_REQUEST` to refuse the
 * whole request, nothing of which is kept then.
 */
export type DecodedRecords = Iterable<LogRecord | null | undefined>;

/** What became of a request whose records are committed. */
export interface Taken {
  readonly accepted: number;
  /** Records that could not be read. */
  readonly rejected: number;
}

/** A protocol over HTTP whose requests are committed as a whole or not at all. */
export interface HttpIntake {
  /** The name under which its records are kept and counted. */
  readonly receiver: string;
  /** Bytes of a body, decompressed, where the protocol has a limit of its own. */
  readonly maxBytes?: number;
  /** Tells the sender in the protocol's words why its request failed. */
  readonly refuse: (request: FastifyRequest, reply: FastifyReply, error: unknown) => FastifyReply;
  /** Registers the routes. */
  readonly routes: (app: FastifyInstance, take: TakeRequest) => void;
}

/**
 * Takes a request: reads its body, decodes it in turns, commits its records and counts them. Resolves when the
 * store has committed; rejects with the reason why nothing was kept, which is counted too.
 */
export type TakeRequest = (
  request: FastifyRequest,
  decode: (body: Buffer) => DecodedRecords,
) => Promise<Taken>;

/**
 * Registers a protocol: its routes, with bodies unread, and its words for errors.
 *
 * @example
 * registerHttpIntake(app, context, {
 *   receiver: "loggly",
 *   refuse: (_request, reply, error) => sendProblem(reply, error),
 *   routes: (loggly, take) => loggly.post("/bulk/:token", async (request) => {
 *     await take(request, (body) => decodeBulk(body, context.now()));
 *     return { response: "ok" };
 *   }),
 * });
 */
export function registerHttpIntake(app: FastifyInstance, context: ReceiverContext, intake: HttpIntake): void {
  const decompressed = Math.min(context.limits.decompressed, intake.maxBytes ?? Number.POSITIVE_INFINITY);
  const limits = { compressed: Math.min(context.limits.compressed, decompressed), decompressed };
  const memory = new BodyMemory(2 * decompressed);
  app.register(async (scope) => {
    registerRawBodies(scope);
    scope.setErrorHandler((error, request, reply) => refuseFailed(context, intake, request, reply, error));
    intake.routes(scope, async (request, decode) => {
      const body = readBody(request.raw, request.headers, limits, memory);
      return takeBody(context, intake.receiver, body, decode);
    });
  });
}

/** Answers in the protocol's words; what is no refusal of ours is told to the log as well. */
export function refuseFailed(
  context: ReceiverContext,
  { receiver, refuse }: Pick<HttpIntake, "receiver" | "refuse">,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply {
  if (!(error instanceof PolylogError)) {
    const route = request.routeOptions.url ?? "";
    context.log.error("a request could not be taken", { receiver, route, error: String(error) });
  }
  return refuse(request, reply, error);
}

/** {@link TakeRequest} for a body that is read already, or is being read. */
export async function takeBody(
  context: ReceiverContext,
  receiver: string,
  body: Buffer | Promise<Buffer>,
  decode: (body: Buffer) => DecodedRecords,
): Promise<Taken> {
  const { intake, counters } = context;
  let records: LogRecord[] = [];
  try {
    const bytes = await body;
    const decoded = await decodeInTurns(decode(bytes));
    records = decoded.records;
    if (records.length > 0) {
      await intake.writeLogs(records, bytes.length, receiver);
      counters.accepted(receiver, records.length, bytes.length);
    }
    if (decoded.rejected > 0) counters.rejected(receiver, decoded.rejected, "malformed");
    return { accepted: records.length, rejected: decoded.rejected };
  } catch (error) {
    counters.rejected(receiver, Math.max(1, records.length), reasonOf(error));
    throw error;
  }
}

async function decodeInTurns(decoded: DecodedRecords): Promise<{ records: LogRecord[]; rejected: number }> {
  const records: LogRecord[] = [];
  let rejected = 0;
  let untilLook = RECORDS_PER_LOOK;
  let turnEnd = performance.now() + TURN;
  for (const record of decoded) {
    if (record === null) rejected++;
    else if (record !== undefined) records.push(record);
    if (records.length + rejected > MAX_RECORDS) throw tooMany();
    if (--untilLook > 0) continue;
    untilLook = RECORDS_PER_LOOK;
    if (performance.now() < turnEnd) continue;
    await setImmediate();
    turnEnd = performance.now() + TURN;
  }
  return { records, rejected };
}

function tooMany(): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", `The request holds more than ${MAX_RECORDS} records`, {
    remedy: "Send smaller batches.",
  });
}
