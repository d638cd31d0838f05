import type { IntakeResponse } from "@polylog/server/contract";
import { wholeNumber } from "../fields/numbers.ts";
import { longDuration } from "../time/duration.ts";

/** Milliseconds for which something may wait on disk without a word: with `--spool-first` something always does. */
const QUIET = 5_000;

/**
 * What becomes of records, where it isn't what one expects.
 *
 * @returns undefined while all is as it should be
 */
export function stateText({ ready, spool, now }: IntakeResponse): string | undefined {
  if (!ready) {
    if (spool?.takes) return "The store is away: what comes in is kept on disk, and stored when it is back.";
    if (spool?.isFull)
      return "The store is away, and the disk takes no more: what comes in is asked to come back.";
    return "The store is away: what comes in is asked to come back.";
  }
  if (spool === undefined || spool.since === null || now - spool.since < QUIET) return undefined;
  const count = `${wholeNumber(spool.records)} ${spool.records === 1 ? "record" : "records"}`;
  return `For ${longDuration(now - spool.since)} records have gone by way of the disk: ${count} there are not found by questions yet.`;
}
