import type { EngineNode } from "@polylog/engine";

/** Replicas hold the same. */
export function oneOfEachShard(nodes: readonly EngineNode[]): readonly EngineNode[] {
  return [...new Map(nodes.map((node) => [node.shard(), node])).values()];
}
