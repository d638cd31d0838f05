import type { Random } from "../random.ts";

/** A decoder that is fuzzed. */
export interface Target {
  /** Names its corpus, too. */
  readonly name: string;
  /** Inputs that are right, to begin with. */
  readonly seeds: readonly (string | Buffer)[];
  /** Words that its inputs are made of. */
  readonly words: readonly string[];
  /**
   * Decodes an input, and throws or rejects when the decoder breaks its contract. What it does depends on the input
   * alone: `random` is seeded by it.
   */
  decode(input: Buffer, random: Random): void | Promise<void>;
}
