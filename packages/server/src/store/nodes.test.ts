import type { Engine, EngineNode } from "@polylog/engine";
import { expect, it } from "vitest";
import { createStoreNodes } from "./nodes.ts";
import { silentLog } from "./testing/store.ts";

const node = (name: string, shard: number | null, isAnswering = true): EngineNode =>
  ({ name, shard: () => shard, isAnswering: () => isAnswering }) as unknown as EngineNode;

it.each<[string, number, readonly EngineNode[], readonly string[]]>([
  [
    "nobody, where each shard has one that answers",
    2,
    [node("a1", 1), node("a2", 1, false), node("b", 2)],
    [],
  ],
  [
    "the shard of which none answers",
    2,
    [node("a1", 1, false), node("a2", 1, false), node("b", 2)],
    ["a1", "a2"],
  ],
  [
    "nobody, though a replica has never answered",
    2,
    [node("a", 1), node("b1", 2), node("b2", null, false)],
    [],
  ],
  ["a shard that has never answered", 2, [node("a", 1), node("b", null, false)], ["b"]],
])("out of reach is %s", async (_, shards, nodes, away) => {
  const engine = { nodes, cluster: { shards: () => shards }, onStatus: () => () => {} } as unknown as Engine;
  const store = createStoreNodes({ engine, log: silentLog, prepare: async () => {} });
  await store.open();
  expect(store.away()).toEqual(away);
  store.stop();
});
