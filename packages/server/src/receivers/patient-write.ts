import { setTimeout } from "node:timers/promises";
import { PolylogError } from "../errors.ts";
import type { Records } from "../record/encoded-records.ts";
import type { Intake } from "../record/intake.ts";
import type { LogRecord } from "../record/record.ts";

/** Milliseconds for which a part waits for room. The parts before it are committed: refusing repeats them. */
const MAX_WAIT = 20_000;

/**
 * Commits a part of a request that is too large to be committed as a whole. Once it is under way, waits for room rather
 * than have the sender repeat it from the start.
 *
 * Rejects as `Intake.writeLogs` does.
 *
 * @param isUnderWay true when parts before this one are committed
 */
export async function writePatiently(
  intake: Intake,
  records: Records<LogRecord>,
  bytes: number,
  receiver: string,
  isUnderWay: boolean,
): Promise<void> {
  const deadline = performance.now() + MAX_WAIT;
  for (;;) {
    try {
      return await intake.writeLogs(records, bytes, receiver);
    } catch (error) {
      const passes = error instanceof PolylogError && error.code === "POLYLOG_E_INTAKE_FULL";
      if (!passes || !isUnderWay || performance.now() > deadline) throw error;
      await setTimeout(Math.min(1000, (error.retryAfterSeconds ?? 1) * 1000));
    }
  }
}
