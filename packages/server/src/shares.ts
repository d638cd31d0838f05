/** Memory that sources share. */
export interface Shares {
  /** Takes bytes for a source. False when that would be more than its share now; nothing is taken then. */
  take(source: string, bytes: number): boolean;
  /** Takes them even so: what has arrived of somebody who can only be held up from now on. */
  force(source: string, bytes: number): void;
  give(source: string, bytes: number): void;
  /** Whether it holds its share, or more. */
  isFull(source: string): boolean;
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

  function force(source: string, bytes: number): void {
    held.set(source, (held.get(source) ?? 0) + bytes);
    total += bytes;
  }

  return {
    take(source, bytes) {
      const own = held.get(source) ?? 0;
      const free = capacity - total;
      if (total > 0 && (bytes > free || own + bytes > ALPHA * free)) return false;
      force(source, bytes);
      return true;
    },
    force,
    give(source, bytes) {
      const left = (held.get(source) ?? 0) - bytes;
      if (left > 0) held.set(source, left);
      else held.delete(source);
      total -= bytes;
    },
    isFull: (source) => (held.get(source) ?? 0) >= ALPHA * (capacity - total),
    held: (source) => held.get(source) ?? 0,
    get total() {
      return total;
    },
  };
}
