import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { PolylogError } from "../../errors.ts";
import type { LogRecord } from "../../record/record.ts";
import type { ReceiverContext } from "../receiver.ts";
import { reasonOf } from "../refusal.ts";

export interface RecordQueueOptions {
  /** The receiver's name, kept with the records. */
  readonly receiver: string;
  readonly context: ReceiverContext;
  /** Records and bytes as received that may wait; from then on the queue is full. */
  readonly maxRecords?: number;
  readonly maxBytes?: number;
}

/**
 * Records of a protocol without answers, on their way to the store: in order, in groups, each tried until it is
 * stored, since nobody would send it again.
 */
export interface RecordQueue {
  /** True when no more is to be added: a socket is paused, a datagram dropped. */
  readonly isFull: boolean;
  add(record: LogRecord, bytes: number): void;
  /** Resolves when there is room again. */
  room(): Promise<void>;
  /** Resolves when all is stored, or after `grace` milliseconds, when the rest is given up and counted. */
  stop(grace: number): Promise<void>;
}

const MAX_RECORDS = 50_000;
const MAX_BYTES = 16 << 20;
/** Records of one write. */
const GROUP = 20_000;
/** Milliseconds between two tries. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 1000;

/**
 * @example
 * const queue = createRecordQueue({ receiver: "syslog", context });
 * queue.add(record, line.length);
 * if (queue.isFull) await queue.room();
 */
export function createRecordQueue(options: RecordQueueOptions): RecordQueue {
  const { receiver, context, maxRecords = MAX_RECORDS, maxBytes = MAX_BYTES } = options;
  const { intake, counters, log } = context;
  let records: LogRecord[] = [];
  let bytes = 0;
  /** Those of the write under way. */
  let underWay = 0;
  let bytesUnderWay = 0;
  let work: Promise<void> | undefined;
  let waiting: (() => void)[] = [];
  const givenUp = new AbortController();

  const isFull = (): boolean => records.length + underWay >= maxRecords || bytes + bytesUnderWay >= maxBytes;

  async function pump(): Promise<void> {
    // What comes in this same turn goes along.
    await nextTurn();
    while (records.length > 0) {
      const group = records.slice(0, GROUP);
      const share = Math.ceil((bytes * group.length) / records.length);
      records = records.slice(GROUP);
      bytes -= share;
      underWay = group.length;
      bytesUnderWay = share;
      await write(group, share);
      underWay = 0;
      bytesUnderWay = 0;
      if (!isFull()) {
        for (const go of waiting) go();
        waiting = [];
      }
    }
    work = undefined;
  }

  async function write(group: readonly LogRecord[], size: number): Promise<void> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        await intake.writeLogs(group, size, receiver);
        counters.accepted(receiver, group.length, size);
        return;
      } catch (error) {
        const passes = error instanceof PolylogError && error.retryAfterSeconds !== undefined;
        if (!passes || givenUp.signal.aborted) {
          refuse(group, size, error);
          return;
        }
        await delay(pause, undefined, { signal: givenUp.signal }).catch(() => {});
      }
    }
  }

  function refuse(group: readonly LogRecord[], size: number, error: unknown): void {
    const isPartly = error instanceof PolylogError && error.code === "POLYLOG_E_BAD_REQUEST";
    // All others of the group are stored.
    if (isPartly && group.length > 1) counters.accepted(receiver, group.length - 1, size);
    counters.rejected(receiver, isPartly ? 1 : group.length, reasonOf(error));
    if (!isPartly) log.error("records are lost", { receiver, records: group.length, error: String(error) });
  }

  return {
    get isFull() {
      return isFull();
    },
    add(record, size) {
      records.push(record);
      bytes += size;
      work ??= pump();
    },
    room() {
      return isFull() ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
    },
    async stop(grace) {
      const limit = setTimeout(() => givenUp.abort(), grace);
      while (work !== undefined) await work;
      clearTimeout(limit);
    },
  };
}
