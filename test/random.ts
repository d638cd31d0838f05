/** A source of numbers that gives the same ones for the same seed. */
export interface Random {
  /** A whole number from 0 up to, and without, `bound`. */
  below(bound: number): number;
  /** True once in `times` times. */
  once(times: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/**
 * @param seed any whole number
 * @example
 * const random = createRandom(7);
 * random.below(6); // the same each time
 */
export function createRandom(seed: number): Random {
  // Mulberry32: 32 bits of state are plenty to choose mutations by, and it is quick.
  let state = seed | 0;
  function below(bound: number): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  }
  return {
    below,
    once: (times) => below(times) === 0,
    pick: (list) => list[below(list.length)]!,
  };
}
