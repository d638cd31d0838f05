import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  clockTime,
  dateAndTime,
  dayAndClockTime,
  inputTime,
  millisecondsOf,
  nanosecondsOf,
  rangeText,
  shortRangeText,
  timeOfInput,
} from "./format.ts";
import { zoneName } from "./zone.ts";

const MOMENT = Date.UTC(2026, 10, 21, 14, 3, 7, 42);
const before = process.env.TZ;

beforeAll(() => {
  process.env.TZ = "Europe/Berlin";
});
afterAll(() => {
  process.env.TZ = before;
});

test.each([
  ["utc", "14:03:07.042"],
  ["local", "15:03:07.042"],
] as const)("a row's time in %s is %s", (zone, expected) => {
  expect(clockTime(MOMENT, zone)).toBe(expected);
});

test("a row of several days says its day", () => {
  expect(dayAndClockTime(MOMENT, "utc")).toBe("11-21 14:03:07.042");
});

test.each([
  ["2026-11-21T14:03:07.042Z", MOMENT],
  ["2026-11-21T14:03:07.042987654Z", MOMENT],
  ["2026-11-21T14:03:07Z", MOMENT - 42],
])("%s is read whatever digits it has", (text, expected) => {
  expect(millisecondsOf(text)).toBe(expected);
});

test.each([
  ["1970-01-01T00:00:00.000000001Z", 1n],
  ["1970-01-01T00:00:01.5Z", 1_500_000_000n],
  ["1970-01-01T00:00:02Z", 2_000_000_000n],
  ["1969-12-31T23:59:59.999999999Z", -1n],
  ["not a time", 0n],
])("%s in nanoseconds is %s", (text, expected) => {
  expect(nanosecondsOf(text)).toBe(expected);
});

test("the second end of a range leaves out the day that both share", () => {
  expect(rangeText(MOMENT, MOMENT + 60_000, "utc")).toBe("21 Nov 2026, 14:03:07 – 14:04:07");
  expect(rangeText(MOMENT, MOMENT + 86_400_000, "utc")).toBe("21 Nov 2026, 14:03:07 – 22 Nov 2026, 14:03:07");
});

test("a range of full minutes has no seconds", () => {
  const minute = MOMENT - (MOMENT % 60_000);
  expect(rangeText(minute, minute + 60_000, "utc")).toBe("21 Nov 2026, 14:03 – 14:04");
  expect(rangeText(minute, minute + 90_000, "utc")).toBe("21 Nov 2026, 14:03:00 – 14:04:30");
});

test("a short range has no seconds", () => {
  expect(shortRangeText(MOMENT, MOMENT + 60_000, "utc")).toBe("14:03 – 14:04");
  expect(shortRangeText(MOMENT, MOMENT + 2 * 86_400_000, "utc")).toBe("21 Nov 14:03 – 23 Nov 14:03");
});

describe.each(["utc", "local"] as const)("a time field in %s", (zone) => {
  test("reads back what it shows", () => {
    expect(timeOfInput(inputTime(MOMENT, zone), zone)).toBe(MOMENT - 42);
  });
});

test("an unfinished time field means nothing", () => {
  expect(timeOfInput("2026-11-", "utc")).toBeUndefined();
});

test("the zone's name follows daylight saving", () => {
  expect(zoneName("local", Date.UTC(2026, 0, 1))).toBe("UTC+1");
  expect(zoneName("local", Date.UTC(2026, 6, 1))).toBe("UTC+2");
  expect(zoneName("utc", 0)).toBe("UTC");
  expect(dateAndTime(0, "utc")).toBe("1 Jan 1970, 00:00:00");
});
