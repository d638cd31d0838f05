import { setTimeout } from "node:timers/promises";
import { PolylogError } from "../errors.ts";
import type { Stored } from "../record/intake.ts";

/** Milliseconds for which a part waits for room. The parts before it are committed: refusing repeats them. */
const MAX_WAIT = 20_000;

/**
 * Commits a part of a request that can't be committed as a whole. Once it is under way, waits for room rather than have
 * the sender repeat it from the start.
 *
 * Rejects as `write` does.
 *
 * @param isUnderWay true when parts before this one are committed
 * @example
 * await writePatiently(() => intake.writeLogs(records, bytes, "jsonl"), accepted > 0);
 */
export async function writePatiently(write: () => Promise<Stored>, isUnderWay: boolean): Promise<Stored> {
  const deadline = performance.now() + MAX_WAIT;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      const passes = error instanceof PolylogError && error.code === "POLYLOG_E_INTAKE_FULL";
      if (!passes || !isUnderWay || performance.now() > deadline) throw error;
      await setTimeout(Math.min(1000, (error.retryAfterSeconds ?? 1) * 1000));
    }
  }
}
