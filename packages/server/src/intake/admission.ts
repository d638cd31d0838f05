import { PolylogError } from "../errors.ts";
import { reasonOf } from "../receivers/refusal.ts";
import type { Records } from "../record/encoded-records.ts";
import type { Intake } from "../record/intake.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";
import type { SourceCounters } from "../self/metrics.ts";
import type { Shares } from "../shares.ts";
import type { Ledger } from "./ledger.ts";
import type { RateLimiter } from "./rate-limit.ts";
import { toldOf } from "./source.ts";

/** An intake that knows whose records they are. */
export interface SourcedIntake {
  writeLogs(records: Records<LogRecord>, bytes: number, receiver: string, source: string): Promise<void>;
  writeSpans(records: Records<SpanRecord>, bytes: number, receiver: string, source: string): Promise<void>;
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

/** What waits, or is under way. */
interface Waiting {
  readonly source: string;
  readonly receiver: string;
  readonly bytes: number;
  /** As `performance.now()` tells it. */
  readonly since: number;
}

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
    write: (source: string) => Promise<void>,
  ): Promise<void> {
    if (records.length === 0) return;
    const since = performance.now();
    const { origin, newest } = toldOf(records, receiver);
    const { source, counts } = origin;
    try {
      const wait = limiter.take(source, bytes, since);
      if (wait > 0) throw tooFast(source, limiter.limitOf(source) ?? 0, wait);
      try {
        await writeWithinShare(source, bytes, receiver, since, write);
      } catch (error) {
        if (!isPartly(error)) limiter.give(source, bytes);
        throw error;
      }
    } catch (error) {
      refuse(isPartly(error) ? new Map([[source, 1]]) : counts, reasonOf(error));
      throw error;
    }
    const now = clock();
    const took = performance.now() - since;
    const lag = now - newest;
    for (const [name, count] of counts) {
      const share = (bytes * count) / records.length;
      const tally = ledger.sources.of(name);
      tally.accept(count, share, now);
      tally.time(took, lag);
      counters.accepted(name, count, share);
    }
    ledger.receivers.of(receiver).time(took, lag);
    ledger.total.accept(records.length, bytes, now);
    ledger.total.time(took, lag);
  }

  async function writeWithinShare(
    source: string,
    bytes: number,
    receiver: string,
    since: number,
    write: (source: string) => Promise<void>,
  ): Promise<void> {
    if (!shares.take(source, bytes)) throw overShare(source, drainSeconds(source));
    const entry = { source, receiver, bytes, since };
    waiting.add(entry);
    try {
      await write(source);
    } finally {
      waiting.delete(entry);
      shares.give(source, bytes);
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
    writeLogs: (records, bytes, receiver) =>
      admit(records, bytes, receiver, (source) => intake.writeLogs(records, bytes, receiver, source)),
    writeSpans: (records, bytes, receiver) =>
      admit(records, bytes, receiver, (source) => intake.writeSpans(records, bytes, receiver, source)),
    waiting: () => waiting,
  };
}

/** Whether only some records of the request can't be stored, and all others are. */
function isPartly(error: unknown): boolean {
  return error instanceof PolylogError && error.code === "POLYLOG_E_BAD_REQUEST";
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
