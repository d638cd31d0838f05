import { type FileHandle, open } from "node:fs/promises";
import {
  HEAD_BYTES,
  MAGIC_BYTES,
  markOfStored,
  readFrame,
  readHead,
  readMeta,
  rowsOf,
  type SpooledBatch,
} from "./frame.ts";

/** A file of frames. */
export interface SegmentFile {
  readonly path: string;
  /** What its frames begin with. */
  readonly magic: Buffer;
}

/** What stands at a place of a segment. */
export type Step =
  | { readonly kind: "batch"; readonly batch: SpooledBatch; readonly end: number }
  /** A batch that is stored already. */
  | { readonly kind: "stored"; readonly end: number }
  /** Bytes that are no batch, up to the next one or the end; with the error of a disk that can't read them. */
  | { readonly kind: "damage"; readonly end: number; readonly error?: unknown }
  | { readonly kind: "end" };

/** What the disk says of sectors that are gone: it says the same the next time. */
const UNREADABLE: ReadonlySet<string | undefined> = new Set(["EIO", "EBADMSG", "EUCLEAN"]);

/** Bytes that are looked through at once for the next frame. */
const CHUNK = 1 << 20;

/**
 * Reads what stands at `start`.
 *
 * @param size where the segment ends; what lies behind is still being written
 */
export async function readStep({ path, magic }: SegmentFile, start: number, size: number): Promise<Step> {
  if (start >= size) return { kind: "end" };
  return reading(
    path,
    async (file): Promise<Step> => {
      const bytes = await bytesAt(file, start, HEAD_BYTES);
      for (const [kind, beginning] of [["batch", magic] as const, ["stored", markOfStored(magic)] as const]) {
        const head = readHead(bytes, beginning);
        if (head === undefined || start + head.length > size) continue;
        const batch = readFrame(await bytesAt(file, start, head.length), beginning);
        if (batch === undefined) continue;
        const end = start + head.length;
        return kind === "stored" ? { kind, end } : { kind, batch, end };
      }
      return { kind: "damage", end: await nextFrame(file, magic, start + 1, size) };
    },
    (error) => ({ kind: "damage", end: size, error }),
  );
}

/**
 * Notes that the batch at `start` is stored. In its place in the file, so that it takes no room, and without a sync: a
 * process that is killed leaves it to the system, and after a power cut the batch is sent once more.
 */
export async function markStored({ path, magic }: SegmentFile, start: number): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.write(markOfStored(magic), 0, MAGIC_BYTES, start);
  } finally {
    await file.close();
  }
}

/** How many batches and rows a segment says it holds that are not stored. What is damaged is found when it is read. */
export async function countSegment(
  { path, magic }: SegmentFile,
  size: number,
): Promise<{ batches: number; rows: number }> {
  const counts = { batches: 0, rows: 0 };
  return reading(
    path,
    async (file) => {
      for (let at = 0; at < size; ) {
        const bytes = await bytesAt(file, at, HEAD_BYTES);
        const waiting = readHead(bytes, magic);
        const head = waiting ?? readHead(bytes, markOfStored(magic));
        if (head === undefined || at + head.length > size) break;
        at += head.length;
        if (waiting === undefined) continue;
        const meta = readMeta(await bytesAt(file, at - head.length + HEAD_BYTES, head.metaLength));
        if (meta === undefined) break;
        counts.batches++;
        counts.rows += rowsOf(meta);
      }
      return counts;
    },
    () => counts,
  );
}

async function reading<T>(
  path: string,
  read: (file: FileHandle) => Promise<T>,
  onUnreadable: (error: unknown) => T,
): Promise<T> {
  try {
    const file = await open(path, "r");
    try {
      return await read(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!UNREADABLE.has((error as NodeJS.ErrnoException).code)) throw error;
    return onUnreadable(error);
  }
}

/** Where the next frame may begin; `size` when there is none. */
async function nextFrame(file: FileHandle, magic: Buffer, start: number, size: number): Promise<number> {
  for (let at = start; at < size; at += CHUNK) {
    // Overlapping, so that a magic on the edge of two chunks is seen.
    const bytes = await bytesAt(file, at, Math.min(CHUNK + MAGIC_BYTES - 1, size - at));
    const found = bytes.indexOf(magic);
    if (found >= 0) return at + found;
  }
  return size;
}

async function bytesAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, start + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}
