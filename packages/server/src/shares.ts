/** Memory that sources share. */
export interface Shares {
  /** Takes bytes for a source. False when that would be more than its share now; nothing is taken then. */
  take(source: string, bytes: number): boolean;
  give(source: string, bytes: number): void;
  /** Bytes that it holds now. */
  held(source: string): number;
  readonly total: number;
}

/** How much of what is free a source may hold: four times that, so that one alone gets four fifths of all. */
const ALPHA = 4;

/**
 * Dynamic thresholds (Choudhury, Hahne 1998): a source may hold at most {@link ALPHA} times what is free at the moment.
 * One alone can fill four fifths; a second one finds a fifth free, and as the first one's drains, both come to hold
 * four ninths. Some is always free for whoever comes next, and nobody has to know how many there are.
 *
 * @param capacity bytes. A single larger request is let in when nothing else is there, or it never could be.
 */
export function createShares(capacity: number): Shares {
  const held = new Map<string, number>();
  let total = 0;
  return {
    take(source, bytes) {
      const own = held.get(source) ?? 0;
      const free = capacity - total;
      if (total > 0 && (bytes > free || own + bytes > ALPHA * free)) return false;
      held.set(source, own + bytes);
      total += bytes;
      return true;
    },
    give(source, bytes) {
      const left = (held.get(source) ?? 0) - bytes;
      if (left > 0) held.set(source, left);
      else held.delete(source);
      total -= bytes;
    },
    held: (source) => held.get(source) ?? 0,
    get total() {
      return total;
    },
  };
}
