import type { Admission } from "./admission.ts";
import type { Ledger } from "./ledger.ts";
import type { RateLimiter } from "./rate-limit.ts";
import type { Figures } from "./tally.ts";

/** What waits for the store. */
interface Queue {
  readonly queuedBytes: number;
  readonly queuedRequests: number;
}

export interface IntakeReport {
  readonly total: Figures & Queue;
  /** Milliseconds that the oldest request has waited; 0 when none waits. */
  readonly oldestMs: number;
  readonly sources: readonly (Figures & Queue & { readonly name: string; readonly limit: number | null })[];
  readonly receivers: readonly (Figures & Queue & { readonly name: string })[];
}

export interface IntakeParts {
  readonly admission: Admission;
  readonly ledger: Ledger;
  readonly limiter: RateLimiter;
}

/** @param now milliseconds since 1970 */
export function reportIntake({ admission, ledger, limiter }: IntakeParts, now: number): IntakeReport {
  const bySource = new Map<string, Queue>();
  const byReceiver = new Map<string, Queue>();
  let total: Queue = NOTHING;
  let since = Number.POSITIVE_INFINITY;
  for (const waiting of admission.waiting()) {
    total = plus(total, waiting.bytes);
    bySource.set(waiting.source, plus(bySource.get(waiting.source), waiting.bytes));
    byReceiver.set(waiting.receiver, plus(byReceiver.get(waiting.receiver), waiting.bytes));
    since = Math.min(since, waiting.since);
  }
  return {
    total: { ...ledger.total.figures(now), ...total },
    oldestMs: since === Number.POSITIVE_INFINITY ? 0 : performance.now() - since,
    sources: ledger.sources.list(now).map((one) => ({
      ...one,
      ...(bySource.get(one.name) ?? NOTHING),
      limit: limiter.limitOf(one.name),
    })),
    receivers: ledger.receivers
      .list(now)
      .map((one) => ({ ...one, ...(byReceiver.get(one.name) ?? NOTHING) })),
  };
}

const NOTHING: Queue = { queuedBytes: 0, queuedRequests: 0 };

function plus({ queuedBytes, queuedRequests }: Queue = NOTHING, bytes: number): Queue {
  return { queuedBytes: queuedBytes + bytes, queuedRequests: queuedRequests + 1 };
}
