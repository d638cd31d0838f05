import { createHash } from "node:crypto";
import { z } from "zod";

/** A batch as it was encoded for the engine, and what is needed to insert it. */
export interface SpooledBatch {
  readonly table: string;
  readonly columns: readonly string[];
  /** The insert's deduplication token: the engine stores the batch once, however often it is sent. */
  readonly token: string;
  readonly rows: number;
  /** The id of the first row; the others go up by `ID_STEP`. Missing in what an older Polylog has spooled. */
  readonly firstId?: string | undefined;
  /** Whether it was tried to insert it, so that it may be there, or partly. */
  readonly isTried?: boolean | undefined;
  /** The rows that are to be stored, each from one up to but not including another, where it isn't all. */
  readonly only?: readonly (readonly [from: number, to: number])[] | undefined;
  /** Blocks of ClickHouse's Native format, in parts. */
  readonly block: readonly Uint8Array[];
}

/** What stands before a batch in the file, and says how long it is. */
export interface FrameHead {
  /** Bytes of the whole frame. */
  readonly length: number;
  readonly metaLength: number;
  readonly blockLength: number;
  readonly digest: Buffer;
}

/*
 * A frame: magic (8 bytes), length of the description and of the block (32 bits each, little-endian), SHA-256 of all
 * that follows the magic but itself (32 bytes), the description in JSON, the block.
 */

/**
 * Bytes of the magic that stands at the beginning of each frame: by it the next one is found behind one that is damaged.
 * Each file has its own, at random: what lies behind damage are records, and a sender that knew it could put a frame
 * into one.
 */
export const MAGIC_BYTES = 8;
const LENGTHS = 8;
const DIGEST = 32;
export const HEAD_BYTES = MAGIC_BYTES + LENGTHS + DIGEST;

/**
 * What stands in the magic's place once a batch is stored, so that it is not sent again after a crash: all its bits the
 * other way, which no damage makes of it.
 */
export function markOfStored(magic: Buffer): Buffer {
  return Buffer.from(magic.map((byte) => ~byte));
}

/** Beyond these a length is none: a flipped bit must not cost the memory it asks for. */
const MAX_META = 64 << 10;
const MAX_BLOCK = 1 << 30;

const metaSchema = z.object({
  table: z.string().regex(/^\w+$/),
  // A nested column has a dot in its name.
  columns: z.array(z.string().regex(/^[\w.]+$/)),
  token: z.string(),
  rows: z.number().int().nonnegative(),
  firstId: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  isTried: z.boolean().optional(),
  only: z.array(z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()])).optional(),
});

/** How many rows of a batch are to be stored. */
export function rowsOf({ rows, only }: Pick<SpooledBatch, "rows" | "only">): number {
  return only === undefined ? rows : only.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** The parts of a batch's frame behind the magic, in order. The block is not copied. */
export function encodeFrame({ block, ...meta }: SpooledBatch): readonly Uint8Array[] {
  const description = Buffer.from(JSON.stringify(meta));
  const lengths = Buffer.alloc(LENGTHS);
  lengths.writeUInt32LE(description.length, 0);
  lengths.writeUInt32LE(
    block.reduce((sum, part) => sum + part.length, 0),
    4,
  );
  return [lengths, digestOf(lengths, description, ...block), description, ...block];
}

/** Reads the head of a frame; undefined when these bytes are none. */
export function readHead(bytes: Buffer, magic: Buffer): FrameHead | undefined {
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, MAGIC_BYTES).equals(magic)) return undefined;
  const metaLength = bytes.readUInt32LE(MAGIC_BYTES);
  const blockLength = bytes.readUInt32LE(MAGIC_BYTES + 4);
  if (metaLength > MAX_META || blockLength > MAX_BLOCK) return undefined;
  return {
    length: HEAD_BYTES + metaLength + blockLength,
    metaLength,
    blockLength,
    digest: bytes.subarray(HEAD_BYTES - DIGEST, HEAD_BYTES),
  };
}

/** The batch in a whole frame; undefined when it is not what was written. */
export function readFrame(bytes: Buffer, magic: Buffer): SpooledBatch | undefined {
  const head = readHead(bytes, magic);
  if (head === undefined || bytes.length !== head.length) return undefined;
  const lengths = bytes.subarray(MAGIC_BYTES, MAGIC_BYTES + LENGTHS);
  const meta = bytes.subarray(HEAD_BYTES, HEAD_BYTES + head.metaLength);
  const block = bytes.subarray(HEAD_BYTES + head.metaLength);
  if (!digestOf(lengths, meta, block).equals(head.digest)) return undefined;
  const read = readMeta(meta);
  return read && { ...read, block: [block] };
}

/** The description in a frame, whose digest was not looked at. */
export function readMeta(bytes: Buffer): Omit<SpooledBatch, "block"> | undefined {
  try {
    return metaSchema.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    return undefined;
  }
}

function digestOf(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
