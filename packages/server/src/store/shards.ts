import type { EngineNode } from "@polylog/engine";

/** Replicas hold the same. */
function oneOfEachShard(nodes: readonly EngineNode[]): readonly EngineNode[] {
  return [...new Map(nodes.map((node) => [node.shard(), node])).values()];
}

/**
 * Of the nodes that answer, one of each shard: together they hold all that is within reach. Where none answers, the
 * first of all: to ask it tells why.
 */
export function toAskOfAll(nodes: readonly EngineNode[]): readonly EngineNode[] {
  const answering = nodes.filter((node) => node.isAnswering());
  return answering.length === 0 ? nodes.slice(0, 1) : oneOfEachShard(answering);
}
