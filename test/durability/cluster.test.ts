import { afterAll, beforeAll, expect, test } from "vitest";
import { createClusterStage } from "./cluster-stage.ts";
import { runRound } from "./round.ts";
import type { OwnStage } from "./stage.ts";

/** In these, a node is killed, refuses, and is suspended for twelve seconds. `npm run test:durability -- --cluster` runs a hundred rounds. */
const SEEDS = [14, 36, 338];

let stage: OwnStage;
beforeAll(async () => {
  stage = await createClusterStage();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

test.each(SEEDS)(
  "every acknowledged record outlives round %i on a cluster, decoded on threads",
  async (seed) => {
    const { faults, acknowledged, done } = await runRound(stage, seed);
    expect(faults, done.join(", ")).toEqual([]);
    expect(acknowledged).toBeGreaterThan(0);
    const metrics = await (await fetch(`${stage.victim.endpoints.http}/metrics`)).text();
    expect(Number(/^polylog_decoding_jobs_total (\d+)/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  },
  150_000,
);
