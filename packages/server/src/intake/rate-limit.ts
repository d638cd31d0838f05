/** Bytes a second that sources may send. */
export interface RateLimits {
  /** For who is not named; null for no limit. */
  readonly others: number | null;
  /** By source; null for no limit. */
  readonly named: ReadonlyMap<string, number | null>;
}

export interface RateLimiter {
  /**
   * Seconds after which a source may come back; 0 when it may send these bytes now, which counts them.
   *
   * @param now milliseconds, of any clock that never goes back
   */
  take(source: string, bytes: number, now: number): number;
  /** Takes them even so, of a source whose request can't be refused any more: it owes them. */
  force(source: string, bytes: number): void;
  /** Gives back what was taken for a request that was refused after all: it comes again. */
  give(source: string, bytes: number): void;
  /** The limit of a source, in bytes a second; null for none. */
  limitOf(source: string): number | null;
}

/** Seconds of its rate that a source may send at once after a silence. */
const BURST = 5;
/** Sources that are remembered; one that has been silent for the time of its burst need not be. */
const MAX_BUCKETS = 10_000;

/**
 * A bucket of bytes for each source. A request goes through while there is anything in the bucket, and takes all its
 * bytes out of it, so that the bucket may come to owe some: requests of any size go through, at the rate.
 *
 * @example
 * const limiter = createRateLimiter({ others: 1e6, named: new Map() });
 * limiter.take("shop", 8e6, 0); // 0: the bucket held 5 MB, and owes 3
 * limiter.take("shop", 1, 1000); // 2: it owes 2 MB
 */
export function createRateLimiter({ others, named }: RateLimits): RateLimiter {
  const buckets = new Map<string, { bytes: number; at: number }>();

  function limitOf(source: string): number | null {
    const own = named.get(source);
    return own === undefined ? others : own;
  }

  function add(source: string, bytes: number): void {
    const bucket = buckets.get(source);
    if (bucket !== undefined) bucket.bytes += bytes;
  }

  return {
    limitOf,
    take(source, bytes, now) {
      const rate = limitOf(source);
      if (rate === null) return 0;
      const full = rate * BURST;
      const bucket = buckets.get(source) ?? { bytes: full, at: now };
      bucket.bytes = Math.min(full, bucket.bytes + ((now - bucket.at) / 1000) * rate);
      bucket.at = now;
      // The one that was used last stands last.
      buckets.delete(source);
      buckets.set(source, bucket);
      if (buckets.size > MAX_BUCKETS) buckets.delete(buckets.keys().next().value as string);
      if (bucket.bytes <= 0) return Math.max(1, Math.ceil(-bucket.bytes / rate));
      bucket.bytes -= bytes;
      return 0;
    },
    force: (source, bytes) => add(source, -bytes),
    give: add,
  };
}
