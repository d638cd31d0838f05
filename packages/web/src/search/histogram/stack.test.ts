import { expect, test } from "vitest";
import { barAt, STACK_ORDER, stack } from "./stack.ts";

const answer = {
  from: 1_500,
  to: 6_000,
  interval: 1_000,
  buckets: [
    { time: 2_000, counts: { error: 1, info: 4 } },
    { time: 4_000, counts: { info: 2 } },
  ],
};

test("bars that an answer leaves out are empty", () => {
  const { times, totals } = stack(answer);
  expect(times).toEqual([1_000, 2_000, 3_000, 4_000, 5_000]);
  expect(totals).toEqual([0, 5, 0, 2, 0]);
});

test("each level stands on those that are worse", () => {
  const { tops } = stack(answer);
  expect(tops[STACK_ORDER.indexOf("error")]).toEqual([0, 1, 0, 0, 0]);
  expect(tops[STACK_ORDER.indexOf("info")]).toEqual([0, 5, 0, 2, 0]);
});

test("an answer without records still has its bars, and not without end", () => {
  expect(stack({ ...answer, buckets: [] }).times).toHaveLength(5);
  expect(stack({ from: 0, to: 1e12, interval: 0, buckets: [] }).times.length).toBeLessThanOrEqual(2_000);
});

test.each([
  [2_500, 1],
  [1_000, 0],
  [999, -1],
  [6_000, -1],
])("the bar at %d is %d", (ms, expected) => {
  expect(barAt(stack(answer).times, 1_000, ms)).toBe(expected);
});
