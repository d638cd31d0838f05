import { setMaxListeners } from "node:events";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { PolylogError } from "../../errors.ts";
import { NOT_STORABLE, reasonOf } from "../../intake/refusal.ts";
import { sourceOf } from "../../intake/source.ts";
import type { LogRecord } from "../../record/record.ts";
import { createShares } from "../../shares.ts";
import type { ReceiverContext } from "../receiver.ts";

export interface RecordQueueOptions {
  /** The receiver's name, kept with the records. */
  readonly receiver: string;
  readonly context: ReceiverContext;
  /** Bytes that wait at most, as received and {@link RECORD_BYTES} a record; sources share them. */
  readonly maxBytes?: number;
}

/**
 * Records of a protocol without answers, on their way to the store: those of each source in order, in groups, each tried
 * until it is stored, since nobody would send it again. A source that is held up holds up no other.
 */
export interface RecordQueue {
  /** For datagrams. False when there is no room for the record's source: it is not taken then. */
  offer(record: LogRecord, bytes: number): boolean;
  /** For a connection. */
  feed(): Feed;
  /** Resolves when all is stored, or after `grace` milliseconds, when the rest is given up and counted. */
  stop(grace: number): Promise<void>;
}

/** One connection's way into the queue. */
export interface Feed {
  add(record: LogRecord, bytes: number): void;
  /**
   * When the source of a record that was added since the last call has filled its share: resolves when it has room
   * again. Until then the connection is to be paused, whomever else it sends for: their records stand behind.
   */
  room(): Promise<void> | undefined;
}

/** What a record takes in memory besides its text, near enough. */
export const RECORD_BYTES = 400;
/** One source alone gets four fifths: 45,000 short records. */
const MAX_BYTES = 24 << 20;
/** Of one write. */
const GROUP = { records: 20_000, bytes: 4 << 20 };
/** Milliseconds between two tries. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 1000;
/** Sources that wait apart. A flood of made-up names must not become one of writes: all others go together. */
const MAX_LANES = 200;
const OTHERS = "(others)";

interface Group {
  readonly records: LogRecord[];
  bytes: number;
}

/** What waits of one source, oldest first. */
interface Lane {
  readonly source: string;
  readonly groups: Group[];
  readonly work: Promise<void>;
}

/**
 * @example
 * const queue = createRecordQueue({ receiver: "syslog", context });
 * const feed = queue.feed();
 * feed.add(record, line.length);
 * await feed.room();
 */
export function createRecordQueue(options: RecordQueueOptions): RecordQueue {
  const { receiver, context, maxBytes = MAX_BYTES } = options;
  const { intake, counters, log } = context;
  const shares = createShares(maxBytes);
  const lanes = new Map<string, Lane>();
  const waiting = new Set<{ readonly sources: ReadonlySet<string>; readonly go: () => void }>();
  const givenUp = new AbortController();
  setMaxListeners(MAX_LANES + 2, givenUp.signal);

  /** The name of the lane that a record belongs into. */
  function laneOf(record: LogRecord): string {
    const source = sourceOf(record, receiver);
    return lanes.has(source) || lanes.size < MAX_LANES ? source : OTHERS;
  }

  function put(source: string, record: LogRecord, bytes: number): void {
    let lane = lanes.get(source);
    if (lane === undefined) {
      const groups: Group[] = [];
      lane = { source, groups, work: pump(source, groups) };
      lanes.set(source, lane);
    }
    const last = lane.groups.at(-1);
    if (last === undefined || last.records.length >= GROUP.records || last.bytes >= GROUP.bytes) {
      lane.groups.push({ records: [record], bytes });
    } else {
      last.records.push(record);
      last.bytes += bytes;
    }
  }

  async function pump(source: string, groups: Group[]): Promise<void> {
    // What comes in this same turn goes along.
    await nextTurn();
    for (;;) {
      const group = groups.shift();
      if (group === undefined) break;
      await write(group.records, Math.ceil(group.bytes));
      shares.give(source, group.bytes + group.records.length * RECORD_BYTES);
      for (const one of waiting) if (!isFull(one.sources)) one.go();
    }
    lanes.delete(source);
  }

  function isFull(sources: ReadonlySet<string>): boolean {
    for (const source of sources) if (shares.isFull(source)) return true;
    return false;
  }

  async function write(group: readonly LogRecord[], size: number): Promise<void> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        const { refused } = await intake.writeLogs(group, size, receiver);
        if (refused > 0) counters.rejected(receiver, refused, NOT_STORABLE);
        if (refused < group.length) counters.accepted(receiver, group.length - refused, size);
        return;
      } catch (error) {
        const passes = error instanceof PolylogError && error.retryAfterSeconds !== undefined;
        if (!passes || givenUp.signal.aborted) {
          counters.rejected(receiver, group.length, reasonOf(error));
          log.error("records are lost", { receiver, records: group.length, error: String(error) });
          return;
        }
        await delay(pause, undefined, { signal: givenUp.signal }).catch(() => {});
      }
    }
  }

  return {
    offer(record, bytes) {
      const source = laneOf(record);
      if (!shares.take(source, bytes + RECORD_BYTES)) return false;
      put(source, record, bytes);
      return true;
    },
    feed() {
      let added = new Set<string>();
      return {
        add(record, bytes) {
          const source = laneOf(record);
          added.add(source);
          shares.force(source, bytes + RECORD_BYTES);
          put(source, record, bytes);
        },
        room() {
          const sources = added;
          added = new Set();
          if (!isFull(sources)) return undefined;
          return new Promise((resolve) => {
            const one = {
              sources,
              go() {
                waiting.delete(one);
                resolve();
              },
            };
            waiting.add(one);
          });
        },
      };
    },
    async stop(grace) {
      const limit = setTimeout(() => givenUp.abort(), grace);
      while (lanes.size > 0) await Promise.all([...lanes.values()].map(({ work }) => work));
      clearTimeout(limit);
    },
  };
}
