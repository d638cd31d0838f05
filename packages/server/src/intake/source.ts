import type { LogRecord, SpanRecord } from "../record/record.ts";

/** Characters of a name that tell sources apart. */
const MAX_LENGTH = 100;
/** Records of a request that are looked at. */
const LOOKS = 64;

/**
 * Whose records these are: the service that most of them name, judged by some of them; the receiver's name in
 * brackets where they name none.
 *
 * Not the sender's address: a collector or a proxy sends for many, and a fleet behind one address would be one source.
 * Not its key: all share one.
 */
export function sourceOf(records: readonly (LogRecord | SpanRecord)[], receiver: string): string {
  const step = Math.max(1, Math.floor(records.length / LOOKS));
  const counts = new Map<string, number>();
  let most = "";
  let count = 0;
  for (let i = 0; i < records.length; i += step) {
    const name = records[i]?.resource.serviceName ?? "";
    const times = (counts.get(name) ?? 0) + 1;
    counts.set(name, times);
    if (times > count) [most, count] = [name, times];
  }
  return most === "" ? `(${receiver})` : most.slice(0, MAX_LENGTH);
}
