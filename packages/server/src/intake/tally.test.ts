import { expect, it } from "vitest";
import { SLOT, SLOTS, Tally } from "./tally.ts";

const START = 1_800_000_000_000;

it("tells the rate of a steady stream at any moment", () => {
  const tally = new Tally();
  for (let ms = 0; ms < 60_000; ms += 100) tally.accept(10, 1000, START + ms);
  for (const ms of [60_000, 61_234, 62_500]) {
    for (let at = 60_000; at < ms; at += 100) tally.accept(0, 0, START + at);
  }
  expect(tally.figures(START + 59_999).recordsPerSecond).toBeCloseTo(100, 0);
  expect(tally.figures(START + 59_999).bytesPerSecond).toBeCloseTo(10_000, -2);
});

it("forgets what was more than ten seconds ago in its rate, and five minutes ago in its history", () => {
  const tally = new Tally();
  tally.accept(100, 5000, START);
  expect(tally.figures(START + 1000)).toMatchObject({ recordsPerSecond: 10, bytesPerSecond: 500 });
  expect(tally.figures(START + 20_000).bytesPerSecond).toBe(0);
  expect(tally.figures(START + 20_000).history.at(-5)).toBe(5000);
  expect(tally.figures(START + SLOT * SLOTS).history.every((bytes) => bytes === 0)).toBe(true);
  expect(tally.figures(START + SLOT * SLOTS)).toMatchObject({ records: 100, bytes: 5000, lastAt: START });
});

it("counts refusals by reason, and makes no more than twenty of them", () => {
  const tally = new Tally();
  for (let i = 0; i < 30; i++) tally.refuse(2, `reason ${i}`, START);
  const { refused, refusedPerSecond } = tally.figures(START);
  expect(Object.keys(refused)).toHaveLength(21);
  expect(refused.other).toBe(20);
  expect(refusedPerSecond).toBe(6);
});
