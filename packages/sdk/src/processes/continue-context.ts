import { polylog as ours } from "../api.ts";
import { type CarriedContext, readCarried } from "../logger/carried-context.ts";
import type { Polylog } from "../polylog.ts";

/**
 * Runs `work` in the context that another process has handed over. What is malformed is left out.
 *
 * @example
 * process.on("message", ({ job, context }) => continueContext(context, () => handle(job)));
 */
export function continueContext<T>(carried: CarriedContext, work: () => T, polylog: Polylog = ours): T {
  return polylog.withContext(readCarried(carried), work);
}
