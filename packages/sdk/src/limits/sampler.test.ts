import { describe, expect, it } from "vitest";
import { LEVELS } from "../logger/level.ts";
import { createSampler } from "./sampler.ts";

/** 0, 0.1, … 0.9, and again. */
function tenths(): () => number {
  let at = -1;
  return () => (++at % 10) / 10;
}

describe("a sampler", () => {
  it.each([
    [0, 0],
    [0.3, 3],
    [1, 10],
  ])("of rate %d keeps %d of ten records below warn", (rate, kept) => {
    const sampler = createSampler(rate, tenths());
    for (const level of ["trace", "debug", "info"] as const) {
      expect(Array.from({ length: 10 }, () => sampler(level)).filter(Boolean)).toHaveLength(kept);
    }
  });

  it("keeps all from warn on", () => {
    const sampler = createSampler(0);
    expect(LEVELS.filter(sampler)).toEqual(["warn", "error", "fatal"]);
  });
});
