import { expect, it } from "vitest";
import { createPace } from "./pace.ts";

it("lets a burst through and then spaces what follows", () => {
  const pace = createPace();
  const waits = Array.from({ length: 13 }, () => pace.take(1000));
  expect(waits).toEqual([...new Array(10).fill(0), 200, 400, 600]);
});

it("lets one insert through at once after two quiet seconds", () => {
  const pace = createPace();
  for (let i = 0; i < 20; i++) pace.take(0);
  expect(pace.take(10_000)).toBe(0);
});

it("never makes five inserts a second wait", () => {
  const pace = createPace();
  for (let i = 0; i < 100; i++) expect(pace.take(i * 200)).toBe(0);
});
