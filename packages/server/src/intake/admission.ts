import { setTimeout as delay } from "node:timers/promises";
import { PolylogError } from "../errors.ts";
import type { Records } from "../record/encoded-records.ts";
import { ALL_STORED, type Intake, type Stored, type WriteOptions } from "../record/intake.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";
import type { Shares } from "../shares.ts";
import type { SourceCounters } from "./counters.ts";
import type { Ledger } from "./ledger.ts";
import type { RateLimiter } from "./rate-limit.ts";
import { NOT_STORABLE, reasonOf } from "./refusal.ts";
import { toldOf } from "./source.ts";

interface SourcedWriteOptions extends WriteOptions {
  readonly source: string;
}

/** An intake that knows whose records they are. */
export interface SourcedIntake {
  writeLogs(
    records: Records<LogRecord>,
    bytes: number,
    receiver: string,
    options: SourcedWriteOptions,
  ): Promise<Stored>;
  writeSpans(
    records: Records<SpanRecord>,
    bytes: number,
    receiver: string,
    options: SourcedWriteOptions,
  ): Promise<Stored>;
}

export interface AdmissionOptions {
  readonly intake: SourcedIntake;
  readonly shares: Shares;
  readonly limiter: RateLimiter;
  readonly ledger: Ledger;
  readonly counters: SourceCounters;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** What a record takes in memory at least, whatever it was made of: two bytes of JSON make one. */
const RECORD_BYTES = 256;

/** Milliseconds for which a part of a request that is under way is held up, whose source sends too fast. */
const LONGEST_HOLD = 20_000;

/** What waits, or is under way. */
interface Waiting {
  readonly source: string;
  readonly receiver: string;
  /** Of memory. */
  readonly bytes: number;
  /** As `performance.now()` tells it. */
  readonly since: number;
}

type Write = (weight: number, source: string) => Promise<Stored>;

/** The door of the store: lets each source in as far as its rate and its share of the memory go. */
export interface Admission extends Intake {
  /** What is behind the door now, oldest first. */
  waiting(): Iterable<Waiting>;
}

/**
 * Lets records in, or asks their sender to come back (`POLYLOG_E_INTAKE_FULL`), and keeps the ledger.
 *
 * @example
 * const admission = createAdmission({ intake: batcher, shares: createShares(128e6), … });
 * await admission.writeLogs(records, bytes, "otlp"); // committed
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { intake, shares, limiter, ledger, counters, clock } = options;
  const waiting = new Set<Waiting>();

  async function admit<T extends LogRecord | SpanRecord>(
    records: Records<T>,
    bytes: number,
    receiver: string,
    isUnderWay: boolean,
    write: Write,
  ): Promise<Stored> {
    if (records.length === 0) return ALL_STORED;
    const since = performance.now();
    const { origin, newest } = toldOf(records, receiver);
    const { source, counts } = origin;
    const weight = Math.max(bytes, RECORD_BYTES * records.length);
    let stored: Stored;
    try {
      const wait = limiter.take(source, bytes, since);
      if (wait > 0) {
        if (!isUnderWay) throw tooFast(source, limiter.limitOf(source) ?? 0, wait);
        await holdUp(source, bytes, wait);
      }
      try {
        const waits = { source, receiver, bytes: weight, since };
        stored = await (isUnderWay ? writeCounted(waits, write) : writeWithinShare(waits, write));
      } catch (error) {
        limiter.give(source, bytes);
        throw error;
      }
    } catch (error) {
      refuse(counts, reasonOf(error));
      throw error;
    }
    const { refused } = stored;
    const unstored = refused === 0 ? NONE : ownersOf(refused, source, counts);
    refuse(unstored, NOT_STORABLE);
    const now = clock();
    const took = performance.now() - since;
    const lag = now - newest;
    for (const [name, all] of counts) {
      const count = all - (unstored.get(name) ?? 0);
      if (count === 0) continue;
      const share = (bytes * count) / records.length;
      const tally = ledger.sources.of(name);
      tally.accept(count, share, now);
      tally.time(took, lag);
      counters.accepted(name, count, share);
    }
    ledger.receivers.of(receiver).time(took, lag);
    ledger.total.accept(records.length - refused, bytes, now);
    ledger.total.time(took, lag);
    return stored;
  }

  /** Lets it in a little later, as what it owes is paid by then, or stays owed. */
  async function holdUp(source: string, bytes: number, seconds: number): Promise<void> {
    await delay(Math.min(seconds * 1000, LONGEST_HOLD), undefined, { ref: false });
    if (limiter.take(source, bytes, performance.now()) > 0) limiter.force(source, bytes);
  }

  async function writeWithinShare(waits: Waiting, write: Write): Promise<Stored> {
    const { source, bytes } = waits;
    if (!shares.take(source, bytes)) throw overShare(source, drainSeconds(source));
    try {
      return await writeCounted(waits, write);
    } finally {
      shares.give(source, bytes);
    }
  }

  async function writeCounted(waits: Waiting, write: Write): Promise<Stored> {
    waiting.add(waits);
    try {
      return await write(waits.bytes, waits.source);
    } finally {
      waiting.delete(waits);
    }
  }

  function refuse(counts: ReadonlyMap<string, number>, reason: string): void {
    const now = clock();
    for (const [name, count] of counts) {
      ledger.sources.of(name).refuse(count, reason, now);
      counters.refused(name, count, reason);
    }
  }

  /** About as long as the source needs for what it has here. */
  function drainSeconds(source: string): number {
    const { bytesPerSecond } = ledger.sources.of(source).figures(clock());
    const seconds = bytesPerSecond > 0 ? shares.held(source) / bytesPerSecond : 1;
    return Math.min(30, Math.max(1, Math.ceil(seconds)));
  }

  return {
    writeLogs: (records, bytes, receiver, { isUnderWay = false } = {}) =>
      admit(records, bytes, receiver, isUnderWay, (weight, source) =>
        intake.writeLogs(records, weight, receiver, { source, isUnderWay }),
      ),
    writeSpans: (records, bytes, receiver, { isUnderWay = false } = {}) =>
      admit(records, bytes, receiver, isUnderWay, (weight, source) =>
        intake.writeSpans(records, weight, receiver, { source, isUnderWay }),
      ),
    waiting: () => waiting,
  };
}

const NONE: ReadonlyMap<string, number> = new Map();

/** Whose so many records were is not known: they count as those of the source that most are of, then of the others. */
function ownersOf(refused: number, source: string, counts: ReadonlyMap<string, number>): Map<string, number> {
  const shares = new Map<string, number>();
  let left = refused;
  for (const name of [source, ...counts.keys()]) {
    if (shares.has(name)) continue;
    const count = Math.min(left, counts.get(name) ?? 0);
    if (count > 0) shares.set(name, count);
    left -= count;
  }
  return shares;
}

function tooFast(source: string, rate: number, retryAfterSeconds: number): PolylogError {
  return new PolylogError(
    "POLYLOG_E_INTAKE_FULL",
    `${JSON.stringify(source)} sends more than the ${rate} bytes a second that it may.`,
    {
      reason: "rate_limited",
      retryAfterSeconds,
      remedy: "Send the same again after the time given, or have its limit raised (--rate-limits).",
    },
  );
}

function overShare(source: string, retryAfterSeconds: number): PolylogError {
  return new PolylogError(
    "POLYLOG_E_INTAKE_FULL",
    `${JSON.stringify(source)} has its whole share of the memory filled with records that wait for the store.`,
    {
      reason: "over_share",
      retryAfterSeconds,
      remedy: "Send the same again after the time given.",
    },
  );
}
