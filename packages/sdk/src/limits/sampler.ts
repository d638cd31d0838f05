import type { Level } from "../logger/level.ts";

/** True for a record that is kept. */
export type Sampler = (level: Level) => boolean;

const IS_SAMPLED: Readonly<Record<Level, boolean>> = {
  trace: true,
  debug: true,
  info: true,
  warn: false,
  error: false,
  fatal: false,
};

/**
 * Keeps part of the records below `warn`, picked by chance, and all from `warn` on.
 *
 * @param rate from 0 (none) to 1 (all)
 * @param random gives numbers from 0 to below 1
 */
export function createSampler(rate: number, random: () => number = Math.random): Sampler {
  return (level) => !IS_SAMPLED[level] || random() < rate;
}
