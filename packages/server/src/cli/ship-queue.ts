import type { LogRecord } from "../record/record.ts";

export interface ShipQueueOptions {
  /** Settles when the records are committed; rejects when they are refused, or with the signal's reason. */
  readonly send: (records: readonly LogRecord[]) => Promise<void>;
  /** Bytes of memory, about, that waiting records may take. */
  readonly capacity: number;
  /** Told of the first failure. */
  readonly onFailure: (error: unknown) => void;
}

/** Records on their way to the server. Whoever makes them never waits. */
export interface ShipQueue {
  /** Takes records that were made of so many bytes, or counts them as lost when the queue is full. */
  push(records: readonly LogRecord[], bytes: number): void;
  /** Settles when nothing waits any more. */
  drained(): Promise<void>;
  /** Records that the server has not taken. */
  lost(): number;
  /** Records that still wait. */
  waiting(): number;
}

/** Bytes that a record takes beside its text, about: a program that prints empty lines must not take all memory. */
const OVERHEAD = 500;
/** Records in one request, about. */
const BATCH = 5_000;

/** A queue that sends one batch after the other: what comes in meanwhile goes with the next. */
export function createShipQueue({ send, capacity, onFailure }: ShipQueueOptions): ShipQueue {
  const entries: { readonly records: readonly LogRecord[]; readonly size: number }[] = [];
  let held = 0;
  let waiting = 0;
  let lost = 0;
  let hasFailed = false;
  let sending: Promise<void> | undefined;

  function nextBatch(): { records: LogRecord[]; size: number } {
    const records: LogRecord[] = [];
    let size = 0;
    while (records.length < BATCH) {
      const entry = entries.shift();
      if (entry === undefined) break;
      for (const record of entry.records) records.push(record);
      size += entry.size;
    }
    return { records, size };
  }

  async function sendAll(): Promise<void> {
    while (entries.length > 0) {
      const { records, size } = nextBatch();
      try {
        await send(records);
      } catch (error) {
        lost += records.length;
        if (!hasFailed) onFailure(error);
        hasFailed = true;
      }
      waiting -= records.length;
      held -= size;
    }
    sending = undefined;
  }

  return {
    push(records, bytes) {
      if (records.length === 0) return;
      const size = bytes + records.length * OVERHEAD;
      if (held + size > capacity) {
        lost += records.length;
        return;
      }
      entries.push({ records, size });
      held += size;
      waiting += records.length;
      sending ??= sendAll();
    },
    async drained() {
      await sending;
    },
    lost: () => lost,
    waiting: () => waiting,
  };
}
