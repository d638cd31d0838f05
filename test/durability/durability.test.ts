import { afterAll, beforeAll, expect, test } from "vitest";
import { runRound } from "./round.ts";
import { createStage, type OwnStage } from "./stage.ts";

/** `npm run test:durability` runs a hundred. */
const SEEDS = [1, 2, 3];

let stage: OwnStage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage?.[Symbol.asyncDispose]());

test.each(SEEDS)(
  "every acknowledged record outlives round %i",
  async (seed) => {
    const { faults, acknowledged, done } = await runRound(stage, seed);
    expect(faults, done.join(", ")).toEqual([]);
    expect(acknowledged).toBeGreaterThan(0);
  },
  150_000,
);
