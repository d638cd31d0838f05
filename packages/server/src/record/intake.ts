import type { Records } from "./encoded-records.ts";
import type { LogRecord, SpanRecord } from "./record.ts";

/** What became of records that were handed over. */
export interface Stored {
  /** How many of them can't be stored for what is in them; all others are. */
  readonly refused: number;
}

/** They are stored, every one. */
export const ALL_STORED: Stored = { refused: 0 };

export interface WriteOptions {
  /**
   * That other parts of the same request are stored already: its sender would repeat those if it were asked to come back.
   * So it is let in however much waits: what it takes is in memory in any case. Who sends too fast is held up some seconds.
   */
  readonly isUnderWay?: boolean;
}

/**
 * What a receiver hands its records to. The promise settles when the store has **committed** them, or they
 * are on disk for good while it is away, so that a receiver can acknowledge; a receiver never acknowledges earlier.
 *
 * Rejects with `POLYLOG_E_INTAKE_FULL` (try later, see `retryAfterSeconds`), `POLYLOG_E_STORE_UNAVAILABLE`
 * (try later) or `POLYLOG_E_STOPPING` (try later); none of them counts as stored then. Records that can't be stored for
 * what is in them are no reason to reject: the others are stored, and the same again would store those twice.
 */
export interface Intake {
  /**
   * @param records the records, decoded and complete, or encoded already
   * @param bytes size of the request as decoded bytes: what is counted, and held to the rate limit
   * @param receiver the receiver's name (`otlp`, `jsonl`, `file`), kept with each record and counted
   */
  writeLogs(
    records: Records<LogRecord>,
    bytes: number,
    receiver: string,
    options?: WriteOptions,
  ): Promise<Stored>;
  writeSpans(
    records: Records<SpanRecord>,
    bytes: number,
    receiver: string,
    options?: WriteOptions,
  ): Promise<Stored>;
}
