import { type FileHandle, open, rename, rm, statfs } from "node:fs/promises";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { makeLastingDirectory, syncPath } from "../on-disk.ts";
import type { Aside, AsideStatistics } from "./aside.ts";
import { encodeFrame, MAGIC_BYTES, rowsOf, type SpooledBatch } from "./frame.ts";
import { markStored, readStep, type Step } from "./segment.ts";
import { newSegment } from "./segment-name.ts";
import { damagedBytesIn, findSegments, type Segment } from "./segments-left.ts";

export interface SpoolOptions {
  /** A folder of its own; made when it isn't there. */
  readonly directory: string;
  /** Bytes that it may take on disk, with what is kept of it for somebody to look at. */
  readonly maxBytes: number;
  /** Where batches go that the store can't take after all. */
  readonly aside: Aside;
  readonly log: Logger;
  /** Bytes that are left on the disk for others. @defaultValue a twentieth of it, at most 1 GiB */
  readonly reserve?: number;
  /** Milliseconds since 1970. @defaultValue `Date.now` */
  readonly clock?: () => number;
}

/** What is in a spool, now and since the start. */
interface SpoolStatistics {
  /** Records that wait to be stored: acknowledged, and not found by queries yet. */
  readonly records: number;
  readonly batches: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Records written to it since the start. */
  readonly spooledRecords: number;
  /** Batches that it had no room for, since the start. */
  readonly refusedBatches: number;
  /** Bytes passed over because they were not what was written, since the start. */
  readonly damagedBytes: number;
  /** True while the last batch found no room. */
  readonly isFull: boolean;
  /** When the first of those came that wait now, in milliseconds since 1970; null while none waits. */
  readonly oldestAt: number | null;
  /** Since when there has always been something that waits; null while nothing does. */
  readonly since: number | null;
  /** What the store could not take. */
  readonly aside: AsideStatistics;
  /** Bytes of files that are kept since they were damaged. */
  readonly keptDamagedBytes: number;
}

/**
 * Batches on disk, on their way to the engine, oldest first. What was appended outlives the process and the machine;
 * what is damaged is told and passed over.
 */
export interface Spool {
  /**
   * Resolves when the batch is on disk for good. Rejects with `POLYLOG_E_STORE_UNAVAILABLE` when there is no room, or
   * it can't be written; nothing of it is kept then.
   */
  append(batch: SpooledBatch): Promise<void>;
  /** The oldest batch, the same until {@link shift} is called; undefined when there is none. */
  peek(): Promise<SpooledBatch | undefined>;
  /** Lets go of the oldest batch, when it is stored. */
  shift(): Promise<void>;
  /** Keeps rows of the oldest batch aside that can't be stored for what is in them; resolves with the file. */
  setAside(batch: SpooledBatch): Promise<string>;
  readonly isEmpty: boolean;
  statistics(): SpoolStatistics;
  close(): Promise<void>;
}

/** A segment is deleted when all of it is stored: small, so that room comes back. */
const SEGMENT_BYTES = 64 << 20;
/** Opening a spool reads the heads of its frames. */
const SEGMENT_BATCHES = 50;

/**
 * Opens a spool, with what an earlier process left in it.
 *
 * @example
 * const spool = await openSpool({ directory, maxBytes: 4 << 30, log });
 * await spool.append(batch); // acknowledged from here on
 * await insert(await spool.peek());
 * await spool.shift();
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { directory, maxBytes, aside, log, clock = Date.now } = options;
  // On a full disk there may be no room for it: it is made later then.
  await makeLastingDirectory(directory).catch(() => {});
  const { segments, lastNumber, damagedBytes: found } = await findSegments(directory, log);
  let nextNumber = lastNumber + 1;
  let keptDamagedBytes = found;
  let since = segments[0]?.times[0] ?? null;
  let writing: { readonly segment: Segment; readonly file: FileHandle } | undefined;
  /** The batch that {@link Spool.peek} gave. */
  let head: { readonly segment: Segment; readonly batch: SpooledBatch; readonly end: number } | undefined;
  /** Writes and rolls, one after another. */
  let work: Promise<unknown> = Promise.resolve();
  let spooledRecords = 0;
  let refusedBatches = 0;
  let damagedBytes = 0;
  let isFull = false;

  const bytesHeld = (): number => segments.reduce((sum, { size }) => sum + size, 0);

  /** Whether there is room for so many bytes; what is kept was perhaps taken away by now. */
  async function hasRoomFor(length: number): Promise<boolean> {
    const isRoom = (): boolean =>
      bytesHeld() + aside.statistics().bytes + keptDamagedBytes + length <= maxBytes;
    if (isRoom()) return true;
    await aside.look();
    keptDamagedBytes = await damagedBytesIn(directory);
    return isRoom();
  }

  function oneByOne<T>(step: () => Promise<T>): Promise<T> {
    const done = work.then(step);
    work = done.catch(() => {});
    return done;
  }

  async function write(batch: SpooledBatch): Promise<void> {
    const parts = encodeFrame(batch);
    const length = parts.reduce((sum, part) => sum + part.length, MAGIC_BYTES);
    try {
      if (!(await hasRoomFor(length))) throw full(whatItHolds());
      await makeLastingDirectory(directory);
      await checkRoom(length);
      const { segment, file } = await segmentFor(length);
      await writeAt(file, [segment.magic, ...parts], length, segment.size);
      segment.size += length;
      segment.batches++;
      segment.rows += rowsOf(batch);
      segment.times.push(clock());
      since ??= clock();
      spooledRecords += batch.rows;
      if (isFull) log.info("the spool has room again", { directory });
      isFull = false;
    } catch (error) {
      refusedBatches++;
      await abandonSegment();
      const known = error instanceof PolylogError ? error : full((error as Error).message, error);
      if (!isFull) log.error("the spool takes no more", { directory, error: known });
      isFull = true;
      throw known;
    }
  }

  async function checkRoom(length: number): Promise<void> {
    const { bavail, blocks, bsize } = await statfs(directory);
    const reserve = options.reserve ?? Math.min(1 << 30, (blocks * bsize) / 20);
    if (bavail * bsize < length + reserve) throw full("its disk is full");
  }

  async function segmentFor(length: number): Promise<NonNullable<typeof writing>> {
    if (writing !== undefined) {
      const { size, batches } = writing.segment;
      if (size + length <= SEGMENT_BYTES && batches < SEGMENT_BATCHES) return writing;
      await endSegment();
    }
    const created = newSegment(directory, nextNumber++);
    const file = await open(created.path, "wx", 0o600);
    const segment = { ...created, size: 0, batches: 0, rows: 0, times: [], readTo: 0, isDamaged: false };
    writing = { segment, file };
    segments.push(segment);
    // The file's name is to be there after a crash, too.
    await syncPath(directory);
    return writing;
  }

  async function writeAt(
    file: FileHandle,
    parts: readonly Uint8Array[],
    length: number,
    position: number,
  ): Promise<void> {
    const { bytesWritten } = await file.writev(parts, position);
    // A disk that is nearly full takes a part of it.
    if (bytesWritten < length) throw new Error("ENOSPC: no space left on device");
    await file.datasync();
  }

  async function endSegment(): Promise<void> {
    const ended = writing;
    writing = undefined;
    await ended?.file.close();
  }

  /** After a failed write nothing is known of what the disk has: what comes next goes to another file. */
  async function abandonSegment(): Promise<void> {
    const abandoned = writing;
    writing = undefined;
    if (abandoned === undefined) return;
    const { file, segment } = abandoned;
    await file.truncate(segment.size).catch(() => {});
    await file.close().catch(() => {});
    if (segment.batches === 0) await drop(segment);
  }

  async function drop(segment: Segment): Promise<void> {
    const at = segments.indexOf(segment);
    if (at >= 0) segments.splice(at, 1);
    if (segment.isDamaged) {
      keptDamagedBytes += segment.size;
      await rename(segment.path, `${segment.path}.damaged`).catch(() => {});
    } else await rm(segment.path, { force: true });
  }

  async function findHead(): Promise<typeof head> {
    for (let segment = segments[0]; segment !== undefined; segment = segments[0]) {
      const step = await readStep(segment, segment.readTo, segment.size);
      if (step.kind === "batch") return { segment, batch: step.batch, end: step.end };
      if (step.kind === "damage") {
        passOver(segment, step);
        continue;
      }
      if (step.kind === "stored") {
        segment.readTo = step.end;
        continue;
      }
      if (writing?.segment === segment) await endSegment();
      await drop(segment);
    }
    since = null;
    return undefined;
  }

  function whatItHolds(): string {
    const kept = aside.statistics().bytes + keptDamagedBytes;
    const those = kept === 0 ? "" : `, and ${kept} bytes are kept that were damaged or could not be stored`;
    return `it holds ${bytesHeld()} of its ${maxBytes} bytes${those}`;
  }

  /** What is damaged is kept, but holds up nothing that lies behind it. */
  function passOver(segment: Segment, { end, error }: Step & { readonly kind: "damage" }): void {
    const { path, readTo: at } = segment;
    const bytes = end - at;
    damagedBytes += bytes;
    segment.isDamaged = true;
    segment.readTo = end;
    if (error === undefined) {
      const what = "bytes of the spool are damaged or were never written whole, and are passed over";
      log.error(what, { path, at, bytes });
    } else {
      const what = "the disk can't read a file of the spool, which is kept aside";
      log.error(what, { path, at, bytes, records: segment.rows, error });
    }
  }

  async function peek(): Promise<SpooledBatch | undefined> {
    head ??= await oneByOne(findHead);
    return head?.batch;
  }

  return {
    append: (batch) => oneByOne(() => write(batch)),
    peek,
    async shift() {
      const stored = head;
      if (stored === undefined) return;
      const { segment, batch, end } = stored;
      // Not to send it again after a crash is worth a try: the engine knows it again in any case, for a while.
      await markStored(segment, segment.readTo).catch(() => {});
      segment.readTo = end;
      segment.batches = Math.max(0, segment.batches - 1);
      segment.rows = Math.max(0, segment.rows - rowsOf(batch));
      segment.times.shift();
      head = undefined;
      // Gives back the room of a segment that is read to its end.
      await peek();
    },
    setAside: (batch) => aside.keep(batch),
    get isEmpty() {
      return segments.length === 0;
    },
    statistics: () => ({
      records: segments.reduce((sum, { rows }) => sum + rows, 0),
      batches: segments.reduce((sum, { batches }) => sum + batches, 0),
      bytes: bytesHeld(),
      ...{ maxBytes, spooledRecords, refusedBatches, damagedBytes, isFull, since, keptDamagedBytes },
      oldestAt: segments.find(({ times }) => times.length > 0)?.times[0] ?? null,
      aside: aside.statistics(),
    }),
    close: () => oneByOne(endSegment),
  };
}

function full(why: string, cause?: unknown): PolylogError {
  return new PolylogError(
    "POLYLOG_E_STORE_UNAVAILABLE",
    `The store is away, and the spool takes no more: ${why}.`,
    {
      cause,
      retryAfterSeconds: 10,
      remedy:
        "Make room on its disk, raise --spool-size, or bring the store back; intake goes on by itself then.",
    },
  );
}
