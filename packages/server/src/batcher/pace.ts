/** Small inserts that may follow one another without a pause. */
const BURST = 10;
/** Small inserts a second in the long run: each makes a part that has to be merged later. */
const PER_SECOND = 5;

/** Keeps a steady trickle of small requests from becoming a flood of small parts. */
export interface Pace {
  /** Takes leave for one insert. Returns the milliseconds to wait for it; 0 most of the time. */
  take(now: number): number;
}

/**
 * A request that comes alone is inserted at once. Under a steady stream of small ones, inserts are spaced so that
 * each takes more of them along; large batches need no leave.
 *
 * @example
 * const pace = createPace();
 * pace.take(0); // 0, ten times; then 200, 400, …
 */
export function createPace(): Pace {
  const interval = 1000 / PER_SECOND;
  /** When the next insert would be due if there were no bursts. */
  let due = Number.NEGATIVE_INFINITY;
  return {
    take(now) {
      due = Math.max(due, now - BURST * interval) + interval;
      return Math.max(0, due - now);
    },
  };
}
