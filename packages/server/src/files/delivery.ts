import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { PolylogError } from "../errors.ts";
import { originOf } from "../intake/source.ts";
import type { Logger } from "../log.ts";
import type { LogRecord } from "../record/record.ts";
import { createShares } from "../shares.ts";
import type { RecordSink } from "./record-sink.ts";

/** A file as far as it matters here. */
interface ReadFile {
  /** All records that were read are committed. */
  commit(): void;
}

interface Part {
  readonly records: readonly LogRecord[];
  readonly bytes: number;
  /** Whether there is more in the file already. */
  readonly hasMore: boolean;
}

export interface DeliveryOptions {
  readonly sink: RecordSink;
  readonly log: Logger;
  /** Ends all pauses: what the sink has not taken by then is given up. */
  readonly signal: AbortSignal;
  /** Called with an error that doesn't say when to come again. */
  readonly onTrouble: (error: unknown) => void;
  /** Called when records are settled, and their files can be read on. */
  readonly onSettled: (hasMore: boolean) => void;
}

/**
 * Records of files on their way to the sink: each file's parts one after another, files of one source together, and each
 * source by itself, so that one that is held up holds up no other.
 */
export interface Delivery {
  /** Whether a file may be read on: nothing of it is under way, and its source has room. */
  takes(file: ReadFile): boolean;
  isUnderWay(file: ReadFile): boolean;
  /** Takes what was read of a file. */
  add(file: ReadFile, part: Part): void;
  /** Gives what was added to the sink. */
  send(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** Of one call of the sink. */
const BATCH = { bytes: 4 << 20, records: 20_000 };
/** Bytes of all files that are read and not committed; sources share them. */
const MOST_BYTES = 32 << 20;
/** Milliseconds between two tries. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 30_000;
const SHORTEST_PAUSE = 100;
/** What records are counted for that name no service. */
const RECEIVER = "file";

interface Batch {
  readonly source: string;
  readonly records: LogRecord[];
  readonly files: ReadFile[];
  bytes: number;
  hasMore: boolean;
}

/** @example const delivery = createDelivery({ sink, log, signal, onTrouble, onSettled }); */
export function createDelivery({ sink, log, signal, onTrouble, onSettled }: DeliveryOptions): Delivery {
  const shares = createShares(MOST_BYTES);
  /** Whose records a file had last. */
  const sources = new WeakMap<ReadFile, string>();
  const batches = new Map<string, Batch>();
  const underWay = new Map<ReadFile, Promise<void>>();
  // One for each batch that waits.
  setMaxListeners(0, signal);

  function give(batch: Batch): void {
    const { source, records, files, bytes, hasMore } = batch;
    batches.delete(source);
    const work = deliver(records, bytes).then((isSettled) => {
      shares.give(source, bytes);
      for (const file of files) {
        if (isSettled) file.commit();
        underWay.delete(file);
      }
      if (isSettled) onSettled(hasMore);
    });
    for (const file of files) underWay.set(file, work);
  }

  /**
   * Gives records to the sink until they are settled; false when that is given up because of the end. Settled are
   * also those of which some can't be stored: the others are, and would be again with each attempt. Never rejects.
   */
  async function deliver(records: readonly LogRecord[], bytes: number): Promise<boolean> {
    for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
      try {
        await sink(records, bytes);
        return true;
      } catch (error) {
        if (error instanceof PolylogError && error.code === "POLYLOG_E_BAD_REQUEST") {
          log.warn("followed files have records that can't be stored", { error: error.message });
          return true;
        }
        const retryAfter = error instanceof PolylogError ? error.retryAfterSeconds : undefined;
        if (retryAfter === undefined) onTrouble(error);
        const pause = retryAfter === undefined ? wait : Math.max(SHORTEST_PAUSE, retryAfter * 1000);
        await delay(pause, undefined, { signal }).catch(() => {});
        if (signal.aborted) return false;
      }
    }
  }

  return {
    takes: (file) => !underWay.has(file) && !shares.isFull(sources.get(file) ?? `(${RECEIVER})`),
    isUnderWay: (file) => underWay.has(file),
    add(file, { records, bytes, hasMore }) {
      const { source } = originOf(records, RECEIVER);
      sources.set(file, source);
      shares.force(source, bytes);
      let batch = batches.get(source);
      if (batch === undefined) {
        batch = { source, records: [], files: [], bytes: 0, hasMore: false };
        batches.set(source, batch);
      }
      for (const record of records) batch.records.push(record);
      batch.files.push(file);
      batch.bytes += bytes;
      batch.hasMore ||= hasMore;
      if (batch.bytes >= BATCH.bytes || batch.records.length >= BATCH.records) give(batch);
    },
    send() {
      for (const batch of batches.values()) give(batch);
    },
    async settled() {
      await Promise.all(underWay.values());
    },
  };
}
