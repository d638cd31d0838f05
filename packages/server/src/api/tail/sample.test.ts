import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAllowance, evenSample } from "./sample.ts";

describe("an even sample", () => {
  it.each<[items: readonly number[], count: number, sample: readonly number[]]>([
    [[], 3, []],
    [[1], 3, [1]],
    [[1, 2, 3], 3, [1, 2, 3]],
    [[1, 2, 3, 4, 5, 6], 3, [2, 4, 6]],
    [[1, 2, 3, 4, 5, 6, 7], 3, [2, 4, 7]],
    [[1, 2, 3], 1, [3]],
  ])("of %j, %i at most: %j", (items, count, sample) => {
    expect(evenSample(items, count)).toEqual(sample);
  });

  it("has as many as asked, in order, with gaps of nearly one size, and the last", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 300 }), (length, count) => {
        const sample = evenSample(
          Array.from({ length }, (_, index) => index),
          count,
        );
        const gaps = sample.map((item, index) => item - (sample[index - 1] ?? -1));
        expect(sample).toHaveLength(Math.min(length, count));
        expect(sample.at(-1)).toBe(length - 1);
        expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("an allowance", () => {
  it("lets through so many a second, and no more than a second's rows after a silence", () => {
    const allowance = createAllowance(10, 10, 0);
    expect(allowance.available(0)).toBe(10);
    allowance.take(10);
    expect(allowance.available(50)).toBe(0);
    expect(allowance.available(500)).toBe(5);
    allowance.take(5);
    expect(allowance.available(60_000)).toBe(10);
  });

  it("begins with a burst that is not refilled", () => {
    const allowance = createAllowance(10, 100, 0);
    expect(allowance.available(5_000)).toBe(100);
    allowance.take(95);
    expect(allowance.available(60_000)).toBe(10);
  });

  it("makes up for rows that were more than it allowed", () => {
    const allowance = createAllowance(10, 10, 0);
    allowance.take(30);
    expect(allowance.available(1_000)).toBe(-10);
    expect(allowance.available(2_500)).toBe(5);
  });
});
