import type { IntakeReport } from "../../intake/report.ts";
import { Tally } from "../../intake/tally.ts";

/** For tests into which nothing comes. */
export function noIntake(now: number): IntakeReport {
  const total = { ...new Tally().figures(now), queuedBytes: 0, queuedRequests: 0 };
  return { total, oldestMs: 0, sources: [], receivers: [] };
}
