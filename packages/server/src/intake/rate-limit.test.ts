import { expect, it } from "vitest";
import { createRateLimiter } from "./rate-limit.ts";

const limiter = (others: number | null, named: Record<string, number | null> = {}) =>
  createRateLimiter({ others, named: new Map(Object.entries(named)) });

it("lets a burst of five seconds through, then the rate", () => {
  const limits = limiter(1000);
  let taken = 0;
  for (let now = 0; now <= 60_000; now += 10) if (limits.take("a", 100, now) === 0) taken += 100;
  expect(taken).toBeGreaterThanOrEqual(64_900);
  expect(taken).toBeLessThanOrEqual(65_200);
});

it("lets a request larger than the burst through, and waits for what it owes", () => {
  const limits = limiter(1000);
  expect(limits.take("a", 25_000, 0)).toBe(0);
  expect(limits.take("a", 1, 0)).toBe(20);
  expect(limits.take("a", 1, 19_000)).toBe(1);
  expect(limits.take("a", 1, 20_001)).toBe(0);
});

it("has what is given back, and never more than its burst", () => {
  const limits = limiter(1000);
  for (let i = 0; i < 100; i++) {
    expect(limits.take("a", 25_000, 0)).toBe(0);
    limits.give("a", 25_000);
  }
  limits.give("a", 1e6);
  limits.give("nobody", 1e6);
  expect(limits.take("a", 25_000, 1)).toBe(0);
  expect(limits.take("a", 1, 1)).toBe(20);
});

it("knows one source from another", () => {
  const limits = limiter(1000);
  limits.take("a", 9000, 0);
  expect(limits.take("a", 1, 0)).toBeGreaterThan(0);
  expect(limits.take("b", 1, 0)).toBe(0);
});

it.each([
  ["named", 5],
  ["free", null],
  ["somebody", 1000],
  ["constructor", 1000],
])("the limit of %s is %s", (source, expected) => {
  expect(limiter(1000, { named: 5, free: null }).limitOf(source)).toBe(expected);
});

it("asks nothing of anybody by default", () => {
  expect(limiter(null).take("a", 1e15, 0)).toBe(0);
});
