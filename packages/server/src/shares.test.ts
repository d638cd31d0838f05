import { expect, it } from "vitest";
import { createShares } from "./shares.ts";

function fill(shares: ReturnType<typeof createShares>, source: string, bytes = 1): number {
  while (shares.take(source, bytes));
  return shares.held(source);
}

it("lets one alone take four fifths", () => {
  expect(fill(createShares(1000), "a")).toBeGreaterThanOrEqual(799);
});

it("always leaves something for the next, which can take more as the first one's drains", () => {
  const shares = createShares(1000);
  const first = fill(shares, "flood");
  expect(fill(shares, "b")).toBeGreaterThan(100);
  for (let i = 0; i < first; i++) {
    shares.give("flood", 1);
    shares.take("b", 1);
    shares.take("flood", 1);
  }
  expect(shares.held("b")).toBeGreaterThan(400);
  expect(shares.held("flood")).toBeGreaterThan(400);
  expect(shares.total).toBeLessThanOrEqual(1000);
  expect(shares.take("c", 50)).toBe(true);
});

it("takes a request larger than everything when nothing else is there, and nothing beside it", () => {
  const shares = createShares(1000);
  expect(shares.take("a", 5000)).toBe(true);
  expect(shares.take("b", 1)).toBe(false);
  shares.give("a", 5000);
  expect(shares.take("b", 1)).toBe(true);
});

it("lets in what has arrived already, and says that it is too much", () => {
  const shares = createShares(1000);
  expect(shares.isFull("a")).toBe(false);
  shares.force("a", 799);
  expect(shares.isFull("a")).toBe(false);
  shares.force("a", 1);
  expect([shares.isFull("a"), shares.isFull("b")]).toEqual([true, false]);
  shares.force("a", 500);
  expect(shares.isFull("b")).toBe(true);
  shares.give("a", 1300);
  expect([shares.isFull("a"), shares.isFull("b"), shares.total]).toEqual([false, false, 0]);
});

it("remembers nobody who holds nothing", () => {
  const shares = createShares(1000);
  shares.take("a", 3);
  shares.give("a", 3);
  expect([shares.held("a"), shares.total]).toEqual([0, 0]);
});
