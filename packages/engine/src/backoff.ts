export interface BackoffOptions {
  /** Milliseconds before the second try. */
  readonly first: number;
  /** Milliseconds that a pause never exceeds. */
  readonly cap: number;
}

/**
 * Milliseconds to wait after the `failures`-th failure in a row: doubles each time up to the cap.
 *
 * @example
 * backoff(1, { first: 100, cap: 1000 }); // 100
 * backoff(9, { first: 100, cap: 1000 }); // 1000
 */
export function backoff(failures: number, { first, cap }: BackoffOptions): number {
  return Math.min(cap, first * 2 ** Math.max(0, failures - 1));
}
