import { expect, it } from "vitest";
import { niceInterval } from "./interval.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

it.each<[length: number, bars: number, interval: number]>([
  [1, 60, 1_000],
  [60_000, 60, 1_000],
  [60_001, 60, 2_000],
  [15 * MINUTE, 60, 15_000],
  [HOUR, 60, MINUTE],
  [3 * HOUR, 60, 5 * MINUTE],
  [24 * HOUR, 60, 30 * MINUTE],
  [24 * HOUR, 24, HOUR],
  [24 * HOUR, 1, DAY],
  [7 * DAY, 60, 3 * HOUR],
  [30 * DAY, 60, 12 * HOUR],
  [365 * DAY, 60, 7 * DAY],
  [50 * 365 * DAY, 60, 365 * DAY],
  [136 * 365 * DAY, 2, 68 * 365 * DAY],
])("%i ms in at most %i bars: %i ms each", (length, bars, interval) => {
  expect(niceInterval(length, bars)).toBe(interval);
});
