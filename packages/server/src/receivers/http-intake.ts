import { setImmediate } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../errors.ts";
import { BodyMemory } from "../intake/body-memory.ts";
import { createReadingTurns, type ReadingTurns } from "../intake/reading-turns.ts";
import { NOT_STORABLE, notStorable, reasonOf } from "../intake/refusal.ts";
import { type BodyHeaders, readBody } from "./body.ts";
import { type Decode, type DecodedRequest, decodeElsewhere, decodeHere } from "./decode.ts";
import { type Decoded, type DecodedRecords, decodeInSlices } from "./decoded-records.ts";
import { registerRawBodies } from "./raw-body.ts";
import type { ReceiverContext } from "./receiver.ts";

/**
 * Requests that are decoded at a time, others waiting: more would not be quicker, and each may hold all its records.
 * Times are milliseconds.
 */
const DECODING = { turns: 2, waiting: 1000, patience: 20_000, duration: 30_000 };

/** A request that is read and yet to be decoded. */
export interface ReadRequest {
  readonly records: DecodedRecords<unknown>;
  /** Its size, for the memory bound. */
  readonly bytes: number;
}

/** What became of a request whose records are committed. */
export interface Taken<Result = unknown> {
  readonly accepted: number;
  /** Records that could not be read. */
  readonly rejected: number;
  /** Records that can't be stored for what is in them, where {@link HttpIntake.tellsUnstored}; absent when there are none. */
  readonly unstored?: number;
  /** What else the decoder has for the answer. */
  readonly result: Result;
}

/**
 * How a protocol that has no answer to a request that is good in part tells of one.
 *
 * @param what the records in its words
 * @example
 * describePartial({ accepted: 2, rejected: 1 }, "logs"); // "1 of 3 logs could not be read; 2 are stored"
 */
export function describePartial({ accepted, rejected }: Omit<Taken, "result">, what: string): string {
  return `${rejected} of ${accepted + rejected} ${what} could not be read; ${accepted} are stored`;
}

/** A protocol over HTTP whose requests are committed as a whole or not at all, but for records that can't be stored. */
export interface HttpIntake {
  /** The name under which its records are kept and counted. */
  readonly receiver: string;
  /** Bytes of a body, decompressed, where the protocol has a limit of its own. */
  readonly maxBytes?: number;
  /** The headers by which a body is read, where they are not simply the request's. */
  readonly headersOf?: (request: FastifyRequest) => BodyHeaders;
  /** Bytes that decoding a body takes, where they are not simply its own. It may throw, as a decoder may. */
  readonly sizeOf?: (request: FastifyRequest, body: Buffer) => number;
  /** True where answers tell of each record. Elsewhere a request is refused for good of which some can't be stored. */
  readonly tellsUnstored?: boolean;
  /** Tells the sender in the protocol's words why its request failed. */
  readonly refuse: (request: FastifyRequest, reply: FastifyReply, error: unknown) => FastifyReply;
  /** Registers the routes. */
  readonly routes: (app: FastifyInstance, take: TakeRequest) => void;
}

/**
 * Takes a request: reads its body, decodes it in turns, commits its records and counts them. Resolves when the
 * store has committed; rejects with the reason why nothing was kept, or not all of it, which is counted too.
 */
type TakeRequest = <Result>(
  request: FastifyRequest,
  decode: Decode<Result>,
  /** The receiver's name, where only the body tells which of two it is. */
  receiverOf?: (body: Buffer) => string,
) => Promise<Taken<Result>>;

/**
 * Registers a protocol: its routes, with bodies unread, and its words for errors.
 *
 * @example
 * registerHttpIntake(app, context, {
 *   receiver: "loggly",
 *   refuse: (_request, reply, error) => sendProblem(reply, error),
 *   routes: (loggly, take) => loggly.post("/bulk/:token", async (request) => {
 *     await take(request, named("loggly", { tags: [], now: context.now() }));
 *     return { response: "ok" };
 *   }),
 * });
 */
export function registerHttpIntake(app: FastifyInstance, context: ReceiverContext, intake: HttpIntake): void {
  const decompressed = Math.min(context.limits.decompressed, intake.maxBytes ?? Number.POSITIVE_INFINITY);
  const limits = { compressed: Math.min(context.limits.compressed, decompressed), decompressed };
  const { memory } = sharedOf(context);
  app.register(async (scope) => {
    registerRawBodies(scope);
    scope.setErrorHandler((error, request, reply) => refuseFailed(context, intake, request, reply, error));
    intake.routes(scope, async (request, decode, receiverOf) => {
      const headers = intake.headersOf?.(request) ?? request.headers;
      const body = readBody(request.raw, headers, limits, memory.of(request.ip));
      const receiver = receiverOf === undefined ? intake.receiver : await nameBy(receiverOf, body, intake);
      const sizeOf = intake.sizeOf && ((bytes: Buffer) => intake.sizeOf!(request, bytes));
      const { tellsUnstored } = intake;
      return takeBody(context, receiver, body, decode, request.ip, { sizeOf, tellsUnstored });
    });
  });
}

/** A body that can't be read counts as the intake's own. */
function nameBy(
  receiverOf: (body: Buffer) => string,
  body: Promise<Buffer>,
  { receiver }: HttpIntake,
): Promise<string> {
  return body.then(receiverOf, () => receiver);
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

/** How a body is taken, as {@link HttpIntake} says it. */
interface TakeOptions {
  readonly sizeOf?: ((body: Buffer) => number) | undefined;
  readonly tellsUnstored?: boolean | undefined;
}

/** {@link TakeRequest} for a body that is read already, or is being read. */
export function takeBody<Result>(
  context: ReceiverContext,
  receiver: string,
  body: Buffer | Promise<Buffer>,
  decode: Decode<Result>,
  sender: string,
  { sizeOf = (bytes) => bytes.length, tellsUnstored = false }: TakeOptions = {},
): Promise<Taken<Result>> {
  const decodeBody = async () => {
    const read = await body;
    const bytes = sizeOf(read);
    const decoded =
      decodeElsewhere(context.decoding, decode, { body: read, bytes, receiver, sender }) ??
      decodeAtItsTurn(context, decodeHere(decode, read), bytes, sender);
    return { decoded: decoded instanceof Promise ? await decoded : decoded, bytes };
  };
  return take(context, receiver, decodeBody, tellsUnstored);
}

/** {@link TakeRequest} for a protocol that reads its body itself. */
export function takeRecords(
  context: ReceiverContext,
  receiver: string,
  read: () => Promise<ReadRequest>,
  /** Its address: senders take turns. */
  sender: string,
): Promise<Taken> {
  return take(context, receiver, async () => {
    const { records, bytes } = await read();
    return { decoded: await decodeAtItsTurn(context, records, bytes, sender), bytes };
  });
}

async function take<Result>(
  context: ReceiverContext,
  receiver: string,
  decode: () => Promise<{ readonly decoded: DecodedRequest<Result>; readonly bytes: number }>,
  tellsUnstored = false,
): Promise<Taken<Result>> {
  let request: Awaited<ReturnType<typeof decode>>;
  try {
    request = await decode();
  } catch (error) {
    context.counters.rejected(receiver, 1, reasonOf(error));
    throw error;
  }
  // Not awaited here: what was needed to decode is free while the records wait for their commit.
  return commit(context, receiver, request.decoded, request.bytes, tellsUnstored);
}

async function commit<Result>(
  { intake, counters }: ReceiverContext,
  receiver: string,
  { logs, spans, rejected, result }: DecodedRequest<Result>,
  bytes: number,
  tellsUnstored: boolean,
): Promise<Taken<Result>> {
  const records = logs.length + spans.length;
  let refused = 0;
  try {
    if (logs.length > 0) refused += (await intake.writeLogs(logs, bytes, receiver)).refused;
    if (spans.length > 0) {
      const options = { isUnderWay: logs.length > 0 };
      refused += (await intake.writeSpans(spans, bytes, receiver, options)).refused;
    }
  } catch (error) {
    counters.rejected(receiver, Math.max(1, records), reasonOf(error));
    throw error;
  }
  const accepted = records - refused;
  if (accepted > 0) counters.accepted(receiver, accepted, bytes);
  if (rejected > 0) counters.rejected(receiver, rejected, "malformed");
  if (refused === 0) return { accepted, rejected, result };
  counters.rejected(receiver, refused, NOT_STORABLE);
  if (!tellsUnstored) throw notStorable(refused, records);
  return { accepted, rejected, unstored: refused, result };
}

/** What all intakes of a server share, so that their limits are one. */
interface Shared {
  /** Of bodies that arrive or wait for their turn. */
  readonly memory: BodyMemory;
  readonly turns: ReadingTurns;
}

const SHARED = new WeakMap<ReceiverContext, Shared>();

function sharedOf(context: ReceiverContext): Shared {
  let shared = SHARED.get(context);
  if (shared === undefined) {
    const memory = new BodyMemory(2 * context.limits.decompressed);
    shared = { memory, turns: createReadingTurns(DECODING) };
    SHARED.set(context, shared);
  }
  return shared;
}

/** Hot path. Most requests are small: they are decoded at once, without a wait and what that takes. */
function decodeAtItsTurn<Result>(
  context: ReceiverContext,
  records: DecodedRecords<Result>,
  bytes: number,
  sender: string,
): Decoded<Result> | Promise<Decoded<Result>> {
  const shared = sharedOf(context);
  const slices = decodeInSlices(records);
  const first = shared.turns.isFree ? slices.next() : undefined;
  return first?.done ? first.value : decodeInTurns(shared, slices, first, bytes, sender);
}

async function decodeInTurns<Result>(
  { turns, memory }: Shared,
  slices: Generator<undefined, Decoded<Result>>,
  first: IteratorResult<undefined, Decoded<Result>> | undefined,
  bytes: number,
  sender: string,
): Promise<Decoded<Result>> {
  let slice = first;
  const room = memory.of(sender);
  room.take(bytes);
  // One that takes longer goes on beside the next.
  const turn = turns.take(() => {}, sender);
  try {
    await turn.granted;
    while (!slice?.done) {
      if (slice !== undefined) await setImmediate();
      slice = slices.next();
    }
    return slice.value;
  } finally {
    turn.end();
    room.give(bytes);
  }
}
