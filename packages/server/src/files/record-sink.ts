import type { LogRecord } from "../record/record.ts";

/**
 * Where records of files go. The promise settles when they are committed; nothing more is read meanwhile.
 * Rejects like `Intake.writeLogs`, and with `POLYLOG_E_BAD_REQUEST` when some can't be stored: the others are.
 *
 * @param bytes size of the lines that the records were made of
 */
export type RecordSink = (records: readonly LogRecord[], bytes: number) => Promise<void>;
