import type { EngineNode } from "@polylog/engine";

/** Replicas hold the same. */
export function oneOfEachShard(nodes: readonly EngineNode[]): readonly EngineNode[] {
  return [...new Map(nodes.map((node) => [node.shard(), node])).values()];
}

/** What each node may take of the bytes that all records may: a node holds its whole shard. */
export function shareOfNode(bytes: number, nodes: readonly EngineNode[]): number {
  return bytes / oneOfEachShard(nodes).length;
}
