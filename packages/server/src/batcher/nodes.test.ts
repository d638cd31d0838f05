import { ClickHouseError } from "@clickhouse/client";
import { EngineError } from "@polylog/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Stored } from "../record/intake.ts";
import { createInsertPaths } from "../store/insert-paths.ts";
import { ANSWER_LOST, type InsertFailure, logs, refusePoison, useBatchers } from "../testing/batchers.ts";

const batchers = useBatchers(3);
let accept: () => Promise<void>;
beforeAll(async () => {
  accept = await refusePoison(batchers.store);
});
afterAll(() => accept());

const GONE: InsertFailure = () => {
  const cause = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  return Promise.reject(new EngineError("POLYLOG_E_ENGINE_UNAVAILABLE", "The node is gone", { cause }));
};
const refusing =
  (code: string): InsertFailure =>
  () =>
    Promise.reject(new ClickHouseError({ code, message: "The node takes nothing in", type: "" }));

/** Six requests at once, two for each node; each third record of every other one can't be stored. */
const REQUESTS = Array.from({ length: 6 }, (_, n) => [`${n} a`, n % 2 === 0 ? `${n} b` : "poison", `${n} c`]);
const GOOD = (request: readonly string[]) => request.filter((body) => body !== "poison");

/** @param next how the next insert fails on the node that has the first request and the fourth */
function write(next: () => InsertFailure | undefined, patience: number): Promise<Stored>[] {
  const { engine, store } = batchers.store;
  const nodes = engine.nodes.map((node, index) =>
    index === 1 ? { ...node, client: batchers.failingClient(next, node.client) } : node,
  );
  const usable = () => nodes.filter((_, index) => store.nodes.usable().includes(engine.nodes[index]!));
  const batcher = batchers.create({
    limits: { patience },
    paths: createInsertPaths({ nodes, usable, isReplicated: () => false, recheck: async () => {} }),
  });
  return REQUESTS.map((bodies) => batcher.writeLogs(logs(...bodies), 10, "jsonl"));
}

it.each<[what: string, failures: readonly InsertFailure[]]>([
  ["takes nothing in for a while", [refusing("252"), refusing("241")]],
  ["refuses to begin", [refusing("202")]],
  ["is killed when it has stored what it does not answer for", [ANSWER_LOST, GONE]],
  ["is killed before it has stored anything", [GONE, GONE]],
])(
  "each sender is told what was not stored of its request when a node %s amid halves",
  async (_, failures) => {
    const left = [undefined, ...failures];
    const stored = await Promise.all(write(() => left.shift(), 20_000));
    expect(stored.map(({ refused }) => refused)).toEqual([0, 1, 0, 1, 0, 1]);
    expect(left).toEqual([]);
    expect((await batchers.bodies()).sort()).toEqual(REQUESTS.flatMap(GOOD));
  },
);

it("what a node that stays away has not answered for is refused, and all else is told exactly", async () => {
  let inserts = 0;
  // The whole batch is refused for what is in it, its first half is stored, and then the node is gone.
  const outcomes = await Promise.allSettled(write(() => (++inserts > 2 ? GONE : undefined), 1_500));
  expect(
    outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value.refused : outcome.reason.code)),
  ).toEqual([...[0, 1, 0, "POLYLOG_E_STORE_UNAVAILABLE", 0, 1]]);
  const told = REQUESTS.filter((_, n) => n !== 3).flatMap(GOOD);
  expect((await batchers.bodies()).sort()).toEqual(told);
});
