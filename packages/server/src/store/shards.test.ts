import type { EngineNode } from "@polylog/engine";
import { expect, it } from "vitest";
import { shareOfNode } from "./shards.ts";

const nodes = (...shards: (number | null)[]) =>
  shards.map((shard) => ({ shard: () => shard })) as unknown as EngineNode[];

it.each([
  ["one node, all", nodes(1), 600],
  ["three shards, a third each", nodes(1, 2, 3), 200],
  ["three replicas of one shard, all each", nodes(1, 1, 1), 600],
  ["two replicas of two shards, half each", nodes(1, 1, 2, 2), 300],
])("of 600 bytes may take: %s", (_, those, share) => {
  expect(shareOfNode(600, those)).toBe(share);
});
