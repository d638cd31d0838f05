/** In the first byte of a block's literals: they are compressed by a tree of their own. Source: RFC 8878, section 3.1.1.3.1.1. */
const OWN_TREE = 2;
/** Bytes of the header of literals, by the two bits that say its form. */
const HEADER_BYTES = [3, 3, 4, 5] as const;
/** From here on, the byte before a tree's weights says that they aren't compressed. */
const PLAIN_WEIGHTS = 128;

/**
 * Whether the weights of a compressed block's Huffman tree never end: they are read by states, of which each takes some
 * bits of the block, but for a table that gives one symbol all the probability. `fzstd` reads on for ever then.
 *
 * Source: RFC 8878, sections 4.2.1 and 4.1.1.
 */
export function areWeightsEndless(block: Buffer): boolean {
  const first = block[0] ?? 0;
  if ((first & 3) !== OWN_TREE) return false;
  const at = HEADER_BYTES[((first >> 2) & 3) as 0 | 1 | 2 | 3];
  if ((block[at] ?? PLAIN_WEIGHTS) >= PLAIN_WEIGHTS) return false;

  const bits = bitsOf(block.subarray(at + 1));
  const states = 1 << (bits.take(4) + 5);
  // Nothing is left of the probability then: the table has one entry.
  for (;;) {
    const share = shareOf(bits, states);
    if (share !== 0) return share === states;
    let more: number;
    do more = bits.take(2);
    while (more === 3);
    if (bits.areOut()) return false;
  }
}

/** The first share of so many states, -1 for less than one. It has a bit less when it is small. */
function shareOf(bits: Bits, states: number): number {
  const length = 31 - Math.clz32(states + 1);
  const small = (1 << (length + 1)) - 1 - (states + 1);
  const low = bits.take(length);
  if (low < small) return low - 1;
  const value = low | (bits.take(1) << length);
  return (value >= 1 << length ? value - small : value) - 1;
}

interface Bits {
  /** The next ones, the lowest first; beyond the end they are 0. */
  take(count: number): number;
  areOut(): boolean;
}

function bitsOf(bytes: Buffer): Bits {
  let at = 0;
  return {
    take(count) {
      let value = 0;
      for (let bit = 0; bit < count; bit++, at++) value |= (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) << bit;
      return value;
    },
    areOut: () => at >= bytes.length * 8,
  };
}
