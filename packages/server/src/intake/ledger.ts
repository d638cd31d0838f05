import type { ReceiverCounters } from "./counters.ts";
import { type Figures, Tally } from "./tally.ts";

/** Names that are counted apart, those that come first; all others are counted together. */
const MAX_NAMES = 500;
/** Under this name. */
const OTHERS = "(others)";

/** Tallies by name, of which a sender may make up as many as it likes. */
interface Tallies {
  of(name: string): Tally;
  /** Those with most bytes lately first. */
  list(now: number): readonly (Figures & { readonly name: string })[];
}

function createTallies(): Tallies {
  const tallies = new Map<string, Tally>();
  const others = new Tally();
  let hasOthers = false;
  return {
    of(name) {
      const known = tallies.get(name);
      if (known !== undefined) return known;
      if (tallies.size >= MAX_NAMES) {
        hasOthers = true;
        return others;
      }
      const tally = new Tally();
      tallies.set(name, tally);
      return tally;
    },
    list(now) {
      const all = [...tallies, ...(hasOthers ? [[OTHERS, others] as const] : [])];
      return all
        .map(([name, tally]) => ({ name, ...tally.figures(now) }))
        .sort((a, b) => b.bytesPerSecond - a.bytesPerSecond || b.bytes - a.bytes);
    },
  };
}

/**
 * What came in, by source and by receiver.
 *
 * Refused in all is what receivers refuse: that has what can't be read, or is dropped, before anybody knows whose it is.
 * What a source is refused may be tried again by its receiver, which then refuses nothing.
 */
export interface Ledger {
  readonly sources: Tallies;
  readonly receivers: Tallies;
  readonly total: Tally;
  /** Counts for the receivers as the given ones do, and here as well. */
  counting(counters: ReceiverCounters): ReceiverCounters;
}

/** @param clock milliseconds since 1970 */
export function createLedger(clock: () => number): Ledger {
  const receivers = createTallies();
  const total = new Tally();
  return {
    sources: createTallies(),
    receivers,
    total,
    counting: (counters) => ({
      accepted(receiver, records, bytes) {
        counters.accepted(receiver, records, bytes);
        receivers.of(receiver).accept(records, bytes, clock());
      },
      rejected(receiver, records, reason) {
        counters.rejected(receiver, records, reason);
        receivers.of(receiver).refuse(records, reason, clock());
        total.refuse(records, reason, clock());
      },
    }),
  };
}
