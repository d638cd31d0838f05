import type { Statistics } from "../contract/index.ts";

/** What several questions that ran beside one another cost together. */
export function addStatistics(parts: readonly Statistics[], begin: number): Statistics {
  const nodesAway = [...new Set(parts.flatMap((part) => part.nodesAway ?? []))];
  return {
    elapsedMs: performance.now() - begin,
    rowsRead: parts.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
    bytesRead: parts.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    ...(nodesAway.length === 0 ? {} : { nodesAway }),
  };
}
