import { describe, expect, test } from "vitest";
import { shortRangeText } from "./format.ts";
import {
  absoluteRange,
  isMoving,
  lastRange,
  rangeLabel,
  resolveRange,
  typedRange,
  widerRange,
} from "./range.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;

describe("bounds", () => {
  test.each([
    [{ from: "now-15m", to: undefined }, NOW - 15 * MINUTE, NOW],
    [{ from: "now-2h", to: "now-1h" }, NOW - 120 * MINUTE, NOW - 60 * MINUTE],
    [{ from: "2026-11-21T10:00:00Z", to: "2026-11-21T11:00:00Z" }, NOW - 120 * MINUTE, NOW - 60 * MINUTE],
    [{ from: String(NOW - MINUTE), to: String(NOW) }, NOW - MINUTE, NOW],
    [{ from: "nonsense", to: undefined }, NOW - 15 * MINUTE, NOW],
    [{ from: "now", to: "now-1h" }, NOW - 75 * MINUTE, NOW - 60 * MINUTE],
  ])("%o", (range, from, to) => {
    expect(resolveRange(range, NOW)).toEqual({ from, to });
  });
});

test.each([
  ["now-15m", "Last 15 minutes"],
  ["now-1h", "Last hour"],
  ["now-1d", "Last day"],
  ["now-7d", "Last 7 days"],
])("%s is called %s", (from, expected) => {
  expect(rangeLabel({ from, to: undefined }, "utc", NOW)).toBe(expected);
});

test("a range with two ends is called by them", () => {
  expect(rangeLabel(absoluteRange(NOW - 60 * MINUTE, NOW), "utc", NOW)).toBe("21 Nov 2026, 11:00 – 12:00");
  expect(rangeLabel(absoluteRange(NOW - 60 * MINUTE, NOW), "utc", NOW, shortRangeText)).toBe("11:00 – 12:00");
});

test("only a range without an end moves", () => {
  expect(isMoving(lastRange("5m"))).toBe(true);
  expect(isMoving(absoluteRange(0, 1))).toBe(false);
});

test("a typed length becomes a range that moves", () => {
  expect(typedRange("2h", NOW, "utc")).toEqual({ ok: true, range: { from: "now-2h", to: undefined } });
});

test("what cannot be read says so", () => {
  const typed = typedRange("next tuesday or so", NOW, "utc");
  expect(typed.ok).toBe(false);
});

test("a wider range has the same middle, and ends no later than now", () => {
  expect(resolveRange(widerRange(absoluteRange(NOW - 60 * MINUTE, NOW - 40 * MINUTE), NOW), NOW)).toEqual({
    from: NOW - 80 * MINUTE,
    to: NOW - 20 * MINUTE,
  });
  expect(resolveRange(widerRange(lastRange("15m"), NOW), NOW)).toEqual({ from: NOW - 45 * MINUTE, to: NOW });
});
