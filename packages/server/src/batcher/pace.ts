/** Small inserts that may follow one another without a pause. */
const BURST = 10;
/** Inserts of few requests a second in the long run: each makes a part that has to be merged later. */
const PER_SECOND = 5;
/**
 * Requests for which an insert is worth its while. It costs the engine some 40 ms of CPU, and a request over HTTP costs
 * the server some 70 µs: an insert of more than these costs less than they do themselves.
 */
const WORTH = 250;
/** Inserts a second in the long run, however many requests wait. */
const MOST_PER_SECOND = 20;

/** Keeps a steady trickle of small requests from becoming a flood of small parts. */
export interface Pace {
  /** Milliseconds until an insert of so many requests may go, when no more come; 0 most of the time. */
  pause(now: number, requests: number): number;
  /** Counts an insert of so many requests, which goes now. */
  count(now: number, requests: number): void;
}

/**
 * A request that comes alone is inserted at once. Under a steady stream of small ones, inserts are spaced so that
 * each takes more of them along, the closer the more wait; large batches need no leave.
 *
 * @example
 * const pace = createPace();
 * for (let i = 0; i < 10; i++) pace.count(0, 1);
 * pace.pause(0, 1); // 200
 * pace.pause(0, 1000); // 50
 */
export function createPace(): Pace {
  const interval = 1000 / PER_SECOND;
  const credit = BURST * interval;
  /** When the last insert would have gone if there were no bursts. */
  let paid = Number.NEGATIVE_INFINITY;

  function due(now: number, requests: number): number {
    const share = Math.min(1, Math.max(PER_SECOND / MOST_PER_SECOND, WORTH / requests));
    return Math.max(paid, now - credit) + interval * share;
  }

  return {
    pause: (now, requests) => Math.max(0, due(now, requests) - now),
    count(now, requests) {
      paid = due(now, requests);
    },
  };
}
