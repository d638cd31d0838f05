import type { Level } from "../logger/level.ts";
import type { LogRecord } from "../logger/record.ts";
import type { RecordSink } from "./sink.ts";

/** A sink that keeps what it gets, for tests. */
export interface MemorySink extends RecordSink {
  /** All there are, the oldest first. */
  readonly records: readonly LogRecord[];
  /** Messages of all records, or of those of one level. */
  messages(level?: Level): string[];
  /** Forgets all. */
  clear(): void;
}

/**
 * Keeps records in memory, the newest when there are more than `maxRecords`.
 *
 * @example
 * const memory = memorySink();
 * configure({ sinks: { memory } });
 * log.info("paid", { orderId: 17 });
 * memory.messages(); // ["paid"]
 */
export function memorySink({ maxRecords = 10_000 }: { readonly maxRecords?: number } = {}): MemorySink {
  let records: LogRecord[] = [];
  let dropped = 0;
  return {
    get records() {
      return records;
    },
    get dropped() {
      return dropped;
    },
    writeRecord(record) {
      records.push(record);
      if (records.length > maxRecords) {
        records.shift();
        dropped++;
      }
    },
    messages(level) {
      const wanted = level === undefined ? records : records.filter((record) => record.level === level);
      return wanted.map((record) => record.message);
    },
    clear() {
      records = [];
    },
  };
}
