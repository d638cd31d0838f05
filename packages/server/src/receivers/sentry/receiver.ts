import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PolylogError } from "../../errors.ts";
import type { JsonObject } from "../../formats/json/json.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import { keyOfAuthorization } from "../../http/access.ts";
import { noKey, type RouteCredentials } from "../../http/credentials.ts";
import { problemOf, STATUS_OF_ERROR } from "../../http/problem.ts";
import { BodyMemory, type BodyRoom } from "../../intake/body-memory.ts";
import { eachChunkOfBody } from "../body.ts";
import { textOf } from "../flatten.ts";
import { type ReadRequest, registerHttpIntake, takeRecords } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";
import { keyOfDsn, keyOfRequest } from "./credentials.ts";
import { EnvelopeReader } from "./envelope.ts";
import { maxBytesOf, reasonOfType, recordOfEvent, recordsOfItems } from "./items.ts";
import { eventOfStore } from "./store-body.ts";

const RECEIVER = "sentry";
/** Bytes of an envelope, most of them an attachment's. Source: docs.sentry.io, "Size limits". */
const MAX_ENVELOPE = 200 << 20;
/** Bytes of an envelope that are kept in memory. */
const MAX_KEPT = 32 << 20;
/** Bytes that all envelopes together may keep. */
const MEMORY = 256 << 20;

/**
 * Sentry: `POST /api/PROJECT/envelope/` and the older `/api/PROJECT/store/`.
 *
 * @example
 * registerSentry(app, context);
 */
export function registerSentry(app: FastifyInstance, context: ReceiverContext): void {
  const builder = new RecordBuilder();
  const memory = new BodyMemory(MEMORY);
  registerHttpIntake(app, context, {
    receiver: RECEIVER,
    maxBytes: 8 << 20,
    refuse: (_request, reply, error) => refuse(reply, error),
    routes(sentry, take) {
      const credentials: RouteCredentials = {
        keyOf: keyOfRequest,
        // Sentry's own status for it.
        refuse: (_request, reply) => refuse(reply, noKey(), 403),
      };
      const mayBeInBody = {
        ...credentials,
        isInBody: (request: FastifyRequest) => keyOfRequest(request) === undefined,
      };
      for (const end of ["", "/"]) {
        sentry.post(
          `/api/:project/envelope${end}`,
          { config: { credentials: mayBeInBody } },
          async (request, reply) =>
            reply.send(await takeEnvelope(request, context, builder, memory.of(request.ip))),
        );
        sentry.post(`/api/:project/store${end}`, { config: { credentials } }, async (request, reply) => {
          let id = "";
          await take(request, (body) => {
            const event = eventOfStore(body);
            id = textOf(event.event_id);
            return [
              recordOfEvent(event, { header: {}, project: projectOf(request), builder, now: context.now() }),
            ];
          });
          return reply.send({ id });
        });
      }
    },
  });
}

async function takeEnvelope(
  request: FastifyRequest,
  context: ReceiverContext,
  builder: RecordBuilder,
  memory: BodyRoom,
): Promise<{ id?: string }> {
  const reader = new EnvelopeReader(maxBytesOf);
  let held = 0;
  try {
    const read = async (): Promise<ReadRequest> => {
      const limits = { compressed: MAX_ENVELOPE, decompressed: MAX_ENVELOPE };
      await eachChunkOfBody(request.raw, request.headers, limits, (chunk) => {
        reader.push(chunk);
        if (reader.held > MAX_KEPT) throw tooLarge();
        memory.take(reader.held - held);
        held = reader.held;
      });
      reader.end();
      const { header, items } = reader;
      if (!keysOf(request, header).some(context.isKey)) throw noKey();
      const around = { header, project: projectOf(request), builder, now: context.now() };
      return { records: recordsOfItems(items, around), bytes: held };
    };
    await takeRecords(context, RECEIVER, read, request.ip);
  } finally {
    memory.give(held);
  }
  for (const { type, payload } of reader.items) {
    if (payload === "not kept") context.counters.rejected(RECEIVER, 1, reasonOfType(type));
  }
  const id = textOf(reader.header.event_id);
  return id === "" ? {} : { id };
}

/** Where an envelope may carry its key. */
function keysOf(request: FastifyRequest, { dsn }: JsonObject): readonly (string | undefined)[] {
  return [keyOfRequest(request), keyOfAuthorization(request.headers.authorization), keyOfDsn(dsn)];
}

function tooLarge(): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", `The envelope's items are larger than ${MAX_KEPT} bytes.`);
}

function projectOf({ params }: FastifyRequest): string {
  return (params as { readonly project: string }).project;
}

/** Answers as Sentry does. SDKs that are told to wait send nothing meanwhile, so they are told for how long. */
function refuse(reply: FastifyReply, error: unknown, status?: number): FastifyReply {
  const { message, code } = problemOf(error);
  const known = error instanceof PolylogError ? error : undefined;
  if (known?.retryAfterSeconds !== undefined) {
    const seconds = Math.max(1, Math.ceil(known.retryAfterSeconds));
    reply.headers({
      "retry-after": String(seconds),
      // All categories, for whoever has this key.
      "x-sentry-rate-limits": `${seconds}::key`,
      "access-control-expose-headers": "retry-after, x-sentry-rate-limits, x-sentry-error",
    });
  }
  const isKeyless = known?.code === "POLYLOG_E_UNAUTHORIZED";
  return reply
    .code(status ?? (isKeyless ? 403 : known === undefined ? 500 : STATUS_OF_ERROR[known.code]))
    .header("x-sentry-error", message.slice(0, 200).replaceAll(/[^\x20-\x7e]/g, "?"))
    .send({ detail: message, causes: [], code });
}
