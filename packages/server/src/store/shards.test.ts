import type { EngineNode } from "@polylog/engine";
import { expect, it } from "vitest";
import { shareOfNode, toAskOfAll } from "./shards.ts";

const node = (name: string, shard: number | null, isAnswering: boolean) => ({
  ...{ name, shard: () => shard, isAnswering: () => isAnswering },
});

it.each([
  ["one node of each shard", [node("a", 1, true), node("b", 1, true), node("c", 2, true)], ["b", "c"]],
  ["the one that answers of two replicas", [node("a", 1, true), node("b", 1, false)], ["a"]],
  ["not the shard that is away", [node("a", 1, false), node("b", 2, true)], ["b"]],
  ["the first where none answers, for its error", [node("a", null, false), node("b", null, false)], ["a"]],
])("about all of it are asked: %s", (_, those, asked) => {
  expect(toAskOfAll(those as unknown as EngineNode[]).map(({ name }) => name)).toEqual(asked);
});

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
