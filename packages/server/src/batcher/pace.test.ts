import { expect, it } from "vitest";
import { createPace } from "./pace.ts";

it("lets a burst through and then spaces what follows", () => {
  const pace = createPace();
  const waits = Array.from({ length: 13 }, () => pace.take(1000));
  expect(waits).toEqual([...new Array(10).fill(0), 100, 200, 300]);
});

it("lets one insert through at once after a quiet second", () => {
  const pace = createPace();
  for (let i = 0; i < 20; i++) pace.take(0);
  expect(pace.take(10_000)).toBe(0);
});

it("never makes ten inserts a second wait", () => {
  const pace = createPace();
  for (let i = 0; i < 100; i++) expect(pace.take(i * 100)).toBe(0);
});
