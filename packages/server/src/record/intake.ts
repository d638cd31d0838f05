import type { Records } from "./encoded-records.ts";
import type { LogRecord, SpanRecord } from "./record.ts";

/**
 * What a receiver hands its records to. The promise settles when the store has **committed** them, or they
 * are on disk for good while it is away, so that a receiver can acknowledge; a receiver never acknowledges earlier.
 *
 * Rejects with `POLYLOG_E_INTAKE_FULL` (try later, see `retryAfterSeconds`), `POLYLOG_E_STORE_UNAVAILABLE`
 * (try later) or `POLYLOG_E_STOPPING` (try later). `POLYLOG_E_BAD_REQUEST`: some records can't be stored for what is
 * in them, and all others of the request are; sending it again would store those twice.
 */
export interface Intake {
  /**
   * @param records the records, decoded and complete, or encoded already
   * @param bytes size of the request as decoded bytes, for the memory bound
   * @param receiver the receiver's name (`otlp`, `jsonl`, `file`), kept with each record and counted
   */
  writeLogs(records: Records<LogRecord>, bytes: number, receiver: string): Promise<void>;
  writeSpans(records: Records<SpanRecord>, bytes: number, receiver: string): Promise<void>;
}
