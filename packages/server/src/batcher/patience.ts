/** Until when to try. May come nearer while it is waited for. */
export interface Deadline {
  /** As `performance.now()` tells it. */
  at(): number;
  /** Aborts at that time. */
  readonly signal: AbortSignal;
  /** To be called when nobody waits for it any more. */
  release(): void;
}

/** For how long requests are tried. */
export interface Patience {
  /** @param since when what is tried came, as `performance.now()` tells it */
  deadline(since: number): Deadline;
  /** What is under way has so many milliseconds from now at most, and what comes later so many from then. */
  shorten(milliseconds: number): void;
}

/** What waited long behind others is tried for this part of the time nevertheless: the store may be slow, not away. */
const LEAST_TRY = 1 / 6;

/**
 * @param milliseconds from when a request came until it is given up
 * @example
 * const patience = createPatience(30_000);
 * const deadline = patience.deadline(performance.now());
 * await insert(deadline.signal).finally(deadline.release);
 */
export function createPatience(milliseconds: number): Patience {
  /** Each holds from a time on; what came before that is counted from there. */
  const limits = [{ from: Number.NEGATIVE_INFINITY, milliseconds }];
  const armed = new Set<() => void>();

  function deadline(since: number): Deadline {
    const begun = performance.now();
    const over = new AbortController();
    let timer: NodeJS.Timeout | undefined;

    function at(): number {
      const ends = limits.map(({ from, milliseconds }) =>
        Math.max(Math.max(since, from) + milliseconds, Math.max(begun, from) + milliseconds * LEAST_TRY),
      );
      return Math.min(...ends);
    }
    function arm(): void {
      clearTimeout(timer);
      const wait = Math.max(0, at() - performance.now());
      timer = setTimeout(() => over.abort(new Error("The store did not answer in time.")), wait);
    }

    arm();
    armed.add(arm);
    return {
      at,
      signal: over.signal,
      release() {
        clearTimeout(timer);
        armed.delete(arm);
      },
    };
  }

  return {
    deadline,
    shorten(milliseconds) {
      limits.push({ from: performance.now(), milliseconds });
      for (const arm of armed) arm();
    },
  };
}
