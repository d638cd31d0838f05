/**
 * An even sample that keeps the order and the last item, so that what comes after it is what was not yet seen.
 *
 * @example
 * evenSample([1, 2, 3, 4, 5, 6], 3); // [2, 4, 6]
 */
export function evenSample<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  const sample: Item[] = [];
  for (let i = 1; i <= count; i++) sample.push(items[Math.floor((i * items.length) / count) - 1] as Item);
  return sample;
}

/** How many rows may be sent: so many a second, and what was not used for up to a second. */
export interface Allowance {
  /** Rows that may be sent now. */
  available(now: number): number;
  /** Takes rows that were sent. */
  take(rows: number): void;
}

/**
 * @param rate rows a second
 * @param burst rows that may be sent at once in the beginning
 * @param now milliseconds
 */
export function createAllowance(rate: number, burst: number, now: number): Allowance {
  let tokens = burst;
  let at = now;
  return {
    available(time) {
      // What is left of a burst is kept, but nothing grows above what a second allows.
      tokens = Math.max(tokens, Math.min(rate, tokens + ((time - at) / 1000) * rate));
      at = time;
      return Math.floor(tokens);
    },
    take(rows) {
      tokens -= rows;
    },
  };
}
