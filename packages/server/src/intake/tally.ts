/** Milliseconds of a slot of the recent past, and how many there are: five minutes. */
export const SLOT = 5_000;
export const SLOTS = 60;

/** One of the slots. */
interface Slot {
  /** Its number since 1970; a slot of another number is old. */
  number: number;
  records: number;
  bytes: number;
  refused: number;
}

/** What came, since the start and lately. */
export interface Figures {
  readonly requests: number;
  readonly records: number;
  readonly bytes: number;
  /** Records, or requests where those are not known, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** A second, over the last ten. */
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly refusedPerSecond: number;
  /** Bytes in each of the last {@link SLOTS} slots, oldest first; the last one is under way. */
  readonly history: readonly number[];
  /** Milliseconds from taking to committed, of the last request; null before the first. */
  readonly ackMs: number | null;
  /** Milliseconds by which its newest record was old when it was committed. */
  readonly lagMs: number | null;
  /** Milliseconds since 1970; null when nothing came. */
  readonly lastAt: number | null;
}

/** Reasons that are counted apart: they are our own words, and few. */
const MAX_REASONS = 20;

/** Counts of one source, or of one receiver. */
export class Tally {
  #requests = 0;
  #records = 0;
  #bytes = 0;
  #ackMs: number | null = null;
  #lagMs: number | null = null;
  #lastAt: number | null = null;
  readonly #refused = new Map<string, number>();
  readonly #slots: Slot[] = Array.from({ length: SLOTS }, () => ({
    number: -1,
    records: 0,
    bytes: 0,
    refused: 0,
  }));

  accept(records: number, bytes: number, now: number): void {
    this.#requests++;
    this.#records += records;
    this.#bytes += bytes;
    this.#lastAt = now;
    const slot = this.#slot(now);
    slot.records += records;
    slot.bytes += bytes;
  }

  refuse(records: number, reason: string, now: number): void {
    const isKnown = this.#refused.has(reason) || this.#refused.size < MAX_REASONS;
    const name = isKnown ? reason : "other";
    this.#refused.set(name, (this.#refused.get(name) ?? 0) + records);
    this.#lastAt = now;
    this.#slot(now).refused += records;
  }

  /** How long a request took, and how old its newest record was at the end. */
  time(ackMs: number, lagMs: number): void {
    this.#ackMs = ackMs;
    this.#lagMs = lagMs;
  }

  /** @param now milliseconds since 1970 */
  figures(now: number): Figures {
    const last = Math.floor(now / SLOT);
    const at = (number: number): Slot | undefined => {
      const slot = this.#slots[number % SLOTS];
      return slot?.number === number ? slot : undefined;
    };
    // The slot under way is not whole: ten seconds are it and the two before it, each by its share.
    const elapsed = (now % SLOT) / SLOT;
    const perSecond = (read: (slot: Slot) => number): number => {
      const [current, before, oldest] = [at(last), at(last - 1), at(last - 2)].map((slot) =>
        slot === undefined ? 0 : read(slot),
      ) as [number, number, number];
      return (current + before + oldest * (1 - elapsed)) / ((2 * SLOT) / 1000);
    };
    return {
      requests: this.#requests,
      records: this.#records,
      bytes: this.#bytes,
      refused: Object.fromEntries(this.#refused),
      recordsPerSecond: perSecond(({ records }) => records),
      bytesPerSecond: perSecond(({ bytes }) => bytes),
      refusedPerSecond: perSecond(({ refused }) => refused),
      history: Array.from({ length: SLOTS }, (_, i) => at(last - SLOTS + 1 + i)?.bytes ?? 0),
      ackMs: this.#ackMs,
      lagMs: this.#lagMs,
      lastAt: this.#lastAt,
    };
  }

  #slot(now: number): Slot {
    const number = Math.floor(now / SLOT);
    const slot = this.#slots[number % SLOTS] as Slot;
    if (slot.number !== number) Object.assign(slot, { number, records: 0, bytes: 0, refused: 0 });
    return slot;
  }
}
