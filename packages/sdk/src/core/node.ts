import { LEVELS, rankOf, type Threshold } from "../logger/level.ts";
import type { LevelSetting } from "../logger/levels.ts";
import type { Target } from "./target.ts";

/** What is known of a name: which records of it go where. */
export interface Node {
  readonly name: string;
  readonly canonical: string;
  /** True for what native code logs, while `RUST_LOG` is set: that governs it first. */
  readonly isNative: boolean;
  setting: LevelSetting;
  /** Of the lowest level that goes anywhere; beyond all levels when nothing does. */
  rank: number;
  targets: readonly Target[];
  /** Tells the loggers that were made of it that something changed. */
  onChange: ((node: Node) => void) | undefined;
}

/** The lowest level that both the logger lets through and a sink wants. */
export function lowestRank(level: Threshold, targets: readonly Target[]): number {
  if (targets.length === 0) return LEVELS.length;
  return Math.max(rankOf(level), Math.min(...targets.map(({ minimumRank }) => minimumRank)));
}
