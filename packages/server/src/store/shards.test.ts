import type { EngineNode } from "@polylog/engine";
import { expect, it } from "vitest";
import { toAskOfAll } from "./shards.ts";

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
