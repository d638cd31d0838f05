import { setImmediate } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { RecordBuilder } from "../../formats/record-builder.ts";
import { sendProblem } from "../../http/problem.ts";
import { beginUpload, type Upload } from "../../http/upload.ts";
import { BodyMemory, createPartsRoom, type PartsRoom } from "../../intake/body-memory.ts";
import { NOT_STORABLE, reasonOf } from "../../intake/refusal.ts";
import type { LogRecord } from "../../record/record.ts";
import { streamBody } from "../body.ts";
import { registerHttpIntake } from "../http-intake.ts";
import type { ReceiverContext } from "../receiver.ts";
import { ExportReader } from "./export-reader.ts";
import { recordOfEntry } from "./record.ts";

const RECEIVER = "journald";
/** Bytes of an upload: a journal of months comes as one request. */
const MAX_UPLOAD = 64 * 2 ** 30;
/** Bytes that are decoded in one go: about a millisecond, so that others get their turn. */
const SLICE_BYTES = 64 << 10;
/** An upload is committed in parts of this size, which bounds its memory. */
const BATCH_BYTES = 4 << 20;
const BATCH_RECORDS = 20_000;
/** What is held of an upload at most. */
const MOST_HELD_BYTES = BATCH_BYTES + SLICE_BYTES;
/** What all uploads together may hold before it is committed. */
const MEMORY_BYTES = 256 << 20;

/**
 * systemd's journal: `POST /upload`, as systemd-journal-upload and `curl` send it. Answers 202 once all is committed.
 *
 * @example
 * registerJournald(app, context);
 */
export function registerJournald(
  app: FastifyInstance,
  context: ReceiverContext,
  memory = new BodyMemory(MEMORY_BYTES),
): void {
  const builder = new RecordBuilder();
  registerHttpIntake(app, context, {
    receiver: RECEIVER,
    refuse: (_request, reply, error) => sendProblem(reply, error),
    routes(journald) {
      journald.post("/upload", async (request, reply) => {
        const room = createPartsRoom(memory.of(request.ip), MOST_HELD_BYTES);
        const taken = await receive(request, context, builder, room);
        return reply.code(202).type("text/plain").send(answerTo(taken));
      });
    },
  });
}

/** What became of an upload's entries. */
interface Taken {
  readonly committed: number;
  /** Those among them that can't be stored for what is in them. */
  readonly unstored: number;
}

function answerTo({ committed, unstored }: Taken): string {
  if (unstored === 0) return "OK.\n";
  return `OK, but ${unstored} of ${committed} entries can't be stored: the server's log says why.\n`;
}

/**
 * An upload that fails is repeated by its sender from its last cursor: what was committed of it comes twice then. So entries that
 * can't be stored are no failure, or they would come again for ever, with all that was sent beside them.
 */
async function receive(
  request: FastifyRequest,
  { intake, counters, now }: ReceiverContext,
  builder: RecordBuilder,
  room: PartsRoom,
): Promise<Taken> {
  const reader = new ExportReader();
  let records: LogRecord[] = [];
  let bytes = 0;
  let committed = 0;
  let unstored = 0;
  let upload: Upload | undefined;

  const decode = (): void => {
    const observed = now();
    for (const entry of reader.take()) records.push(recordOfEntry(entry, builder, observed));
  };
  const commit = async (): Promise<void> => {
    if (records.length > 0) {
      const options = { isUnderWay: committed > 0 };
      const { refused } = await intake.writeLogs(records, bytes, RECEIVER, options);
      if (refused < records.length) counters.accepted(RECEIVER, records.length - refused, bytes);
      if (refused > 0) counters.rejected(RECEIVER, refused, NOT_STORABLE);
      committed += records.length;
      unstored += refused;
    }
    room.settle(bytes);
    records = [];
    bytes = 0;
  };

  try {
    const limits = { compressed: MAX_UPLOAD, decompressed: MAX_UPLOAD };
    const body: AsyncIterable<Buffer> = streamBody(request.raw, request.headers, limits);
    for await (const chunk of body) {
      upload?.count(chunk.length);
      for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
        const slice = chunk.subarray(start, start + SLICE_BYTES);
        room.hold(slice.length);
        bytes += slice.length;
        reader.push(slice);
        decode();
        if (bytes >= BATCH_BYTES || records.length >= BATCH_RECORDS) {
          room.reserve();
          upload ??= beginUpload(request.raw);
          await upload.hold(commit());
        }
        await setImmediate();
      }
    }
    reader.end();
    decode();
    await commit();
  } catch (error) {
    counters.rejected(RECEIVER, Math.max(1, records.length), reasonOf(error));
    throw error;
  } finally {
    upload?.end();
    room.release();
  }
  return { committed, unstored };
}
