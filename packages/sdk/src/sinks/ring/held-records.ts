import type { LogRecord } from "../../logger/record.ts";

export interface HeldRecordsBounds {
  /** Of one piece of work. */
  readonly records: number;
  /** Pieces of work. */
  readonly traces: number;
  /** Of all pieces of work together. */
  readonly total: number;
}

/** The last records of each piece of work, by its key. Within its bounds; what is longest untouched goes first. */
export class HeldRecords {
  readonly #bounds: HeldRecordsBounds;
  /** In the order of their last record. */
  readonly #byKey = new Map<string, LogRecord[]>();
  #total = 0;

  constructor(bounds: HeldRecordsBounds) {
    this.#bounds = bounds;
  }

  add(key: string, record: LogRecord): void {
    const held = this.#byKey.get(key) ?? [];
    // To the end of the order.
    this.#byKey.delete(key);
    this.#byKey.set(key, held);
    held.push(record);
    this.#total++;
    if (held.length > this.#bounds.records) {
      held.shift();
      this.#total--;
    }
    for (const oldest of this.#byKey.keys()) {
      const isWithin = this.#total <= this.#bounds.total && this.#byKey.size <= this.#bounds.traces;
      if (isWithin || oldest === key) break;
      this.take(oldest);
    }
  }

  /** Gives out the records of a piece of work, the oldest first, and forgets them. */
  take(key: string): readonly LogRecord[] {
    const held = this.#byKey.get(key) ?? [];
    this.#byKey.delete(key);
    this.#total -= held.length;
    return held;
  }

  clear(): void {
    this.#byKey.clear();
    this.#total = 0;
  }
}
