import { expect, test } from "vitest";
import { durationText, keptText, longDuration } from "./duration.ts";

test.each([
  [0, "0"],
  [999, "999 ns"],
  [1240, "1.24 µs"],
  [83_000, "83 µs"],
  [999_400, "999 µs"],
  [999_600, "1 ms"],
  [1_240_000, "1.24 ms"],
  [842_000_000, "842 ms"],
  [1_330_000_000, "1.33 s"],
  [59_940_000_000, "59.9 s"],
  [200_000_000_000, "3 min 20 s"],
  [-600_000_000_000, "−10 min"],
  [-1500, "−1.5 µs"],
  [Number.NaN, "–"],
])("%d ns is %s", (nanoseconds, expected) => {
  expect(durationText(nanoseconds)).toBe(expected);
});

test.each([
  [0, "0 s"],
  [900_000, "15 min"],
  [9_000_000, "2 h 30 min"],
  [86_400_000 * 3, "3 d"],
  [86_400_000 + 60_000, "1 d"],
])("%d ms is %s", (milliseconds, expected) => {
  expect(longDuration(milliseconds)).toBe(expected);
});

test.each([
  [0, "for ever"],
  [1, "1 day"],
  [30, "30 days"],
])("records of a server that keeps %d days are kept %s", (days, expected) => {
  expect(keptText(days)).toBe(expected);
});
