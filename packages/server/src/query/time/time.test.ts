import { expect, test } from "vitest";
import { instantNanoseconds } from "../instant.ts";
import { shortLength } from "./length.ts";
import { parseInstant, parseTimeRange } from "./time.ts";

/** A Friday. */
const NOW = Date.parse("2026-11-20T16:30:20.500Z");

test.each<[text: string, expected: string]>([
  ["now", "2026-11-20T16:30:20.500Z"],
  ["NOW", "2026-11-20T16:30:20.500Z"],
  ["now-15m", "2026-11-20T16:15:20.500Z"],
  ["now - 1h30m", "2026-11-20T15:00:20.500Z"],
  ["now+1h", "2026-11-20T17:30:20.500Z"],
  ["15m", "2026-11-20T16:15:20.500Z"],
  ["-15m", "2026-11-20T16:15:20.500Z"],
  ["2 hours ago", "2026-11-20T14:30:20.500Z"],
  ["1.5h", "2026-11-20T15:00:20.500Z"],
  ["500ms", "2026-11-20T16:30:20.000Z"],
  ["today", "2026-11-20T00:00:00.000Z"],
  ["yesterday", "2026-11-19T00:00:00.000Z"],
  ["yesterday 14:00", "2026-11-19T14:00:00.000Z"],
  ["yesterday at 14:00:05", "2026-11-19T14:00:05.000Z"],
  ["today 9:05", "2026-11-20T09:05:00.000Z"],
  ["14:00", "2026-11-20T14:00:00.000Z"],
  ["17:00", "2026-11-19T17:00:00.000Z"],
  ["2026-11-20", "2026-11-20T00:00:00.000Z"],
  ["2026-11", "2026-11-01T00:00:00.000Z"],
  ["2026-11-20 14:00", "2026-11-20T14:00:00.000Z"],
  ["2026-11-20T14:00:01.123456789Z", "2026-11-20T14:00:01.123Z"],
  ["2026-11-20T14:00:01+02:00", "2026-11-20T12:00:01.000Z"],
  ["2026-11-20T14:00:01-0530", "2026-11-20T19:30:01.000Z"],
  ["2026-11-20 14:00 UTC", "2026-11-20T14:00:00.000Z"],
  ["0", "1970-01-01T00:00:00.000Z"],
  ["1795183200", "2026-11-20T14:00:00.000Z"],
  ["1795183200000", "2026-11-20T14:00:00.000Z"],
  ["1795183200000123", "2026-11-20T14:00:00.000Z"],
  ["1795183200000123456", "2026-11-20T14:00:00.000Z"],
])("the instant %j is %s", (text, expected) => {
  const result = parseInstant(text, NOW);
  expect(result.ok && new Date(result.time).toISOString()).toBe(expected);
});

test.each([
  "",
  "soon",
  "15",
  "15 parsecs",
  "2026-02-30",
  "2026-13-01",
  "2026-11-20 25:00",
  "2026-11-20 14:60",
  "24:00",
  "now-",
  "now-soon",
  "yesterday 15m",
  "12345678901234567890",
  "1".repeat(18),
  "x".repeat(200),
  "1m".repeat(60),
])("%j is not an instant", (text) => {
  const result = parseInstant(text, NOW);
  if (text === "15") expect(result).toEqual({ ok: true, time: 15 });
  else
    expect(result).toMatchObject({ ok: false, error: { message: expect.stringContaining("is not a time") } });
});

test.each<[text: string, from: string, to: string, relative: string | null]>([
  ["15m", "2026-11-20T16:15:20.500Z", "2026-11-20T16:30:20.500Z", "15m"],
  ["2h", "2026-11-20T14:30:20.500Z", "2026-11-20T16:30:20.500Z", "2h"],
  ["1h30m", "2026-11-20T15:00:20.500Z", "2026-11-20T16:30:20.500Z", "90m"],
  ["last 15 minutes", "2026-11-20T16:15:20.500Z", "2026-11-20T16:30:20.500Z", "15m"],
  ["Last  Hour", "2026-11-20T15:30:20.500Z", "2026-11-20T16:30:20.500Z", "1h"],
  ["past 7 days", "2026-11-13T16:30:20.500Z", "2026-11-20T16:30:20.500Z", "1w"],
  ["today", "2026-11-20T00:00:00.000Z", "2026-11-20T16:30:20.500Z", "today"],
  ["yesterday", "2026-11-19T00:00:00.000Z", "2026-11-20T00:00:00.000Z", "yesterday"],
  ["this hour", "2026-11-20T16:00:00.000Z", "2026-11-20T16:30:20.500Z", "this hour"],
  ["this week", "2026-11-16T00:00:00.000Z", "2026-11-20T16:30:20.500Z", "this week"],
  ["this month", "2026-11-01T00:00:00.000Z", "2026-11-20T16:30:20.500Z", "this month"],
  ["this year", "2026-01-01T00:00:00.000Z", "2026-11-20T16:30:20.500Z", "this year"],
  ["2026-11-18", "2026-11-18T00:00:00.000Z", "2026-11-19T00:00:00.000Z", null],
  ["2026-10", "2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z", null],
  ["2026-11-20", "2026-11-20T00:00:00.000Z", "2026-11-20T16:30:20.500Z", "2026-11-20"],
  ["2026-11-20 14:00", "2026-11-20T14:00:00.000Z", "2026-11-20T16:30:20.500Z", "2026-11-20 14:00"],
  ["since yesterday", "2026-11-19T00:00:00.000Z", "2026-11-20T16:30:20.500Z", "since yesterday"],
  ["since 14:00", "2026-11-20T14:00:00.000Z", "2026-11-20T16:30:20.500Z", "since 14:00"],
  ["2026-11-20 14:00 to 15:00", "2026-11-20T14:00:00.000Z", "2026-11-20T15:00:00.000Z", null],
  ["2026-11-19 23:00 to 01:00", "2026-11-19T23:00:00.000Z", "2026-11-20T01:00:00.000Z", null],
  ["2026-11-18 to 2026-11-19", "2026-11-18T00:00:00.000Z", "2026-11-20T00:00:00.000Z", null],
  [
    "from 2026-11-20 14:00 until now",
    "2026-11-20T14:00:00.000Z",
    "2026-11-20T16:30:20.500Z",
    "from 2026-11-20 14:00 until now",
  ],
  ["2h ago to 1h ago", "2026-11-20T14:30:20.500Z", "2026-11-20T15:30:20.500Z", "2h ago to 1h ago"],
  ["now-2h..now-1h", "2026-11-20T14:30:20.500Z", "2026-11-20T15:30:20.500Z", "now-2h..now-1h"],
  ["14:00 - 15:00", "2026-11-20T14:00:00.000Z", "2026-11-20T15:00:00.000Z", "14:00 - 15:00"],
  [
    "yesterday 22:00 to 02:00",
    "2026-11-19T22:00:00.000Z",
    "2026-11-20T02:00:00.000Z",
    "yesterday 22:00 to 02:00",
  ],
  ["2026-11-20T14:00:00Z/2026-11-20T15:00:00Z", "2026-11-20T14:00:00.000Z", "2026-11-20T15:00:00.000Z", null],
  [
    "2026-11-20T14:00:00+01:00 to 2026-11-20T15:00:00+01:00",
    "2026-11-20T13:00:00.000Z",
    "2026-11-20T14:00:00.000Z",
    null,
  ],
  ["1795183200 to 1795186800", "2026-11-20T14:00:00.000Z", "2026-11-20T15:00:00.000Z", null],
])("the range %j", (text, from, to, relative) => {
  const result = parseTimeRange(text, NOW, "utc");
  if (!result.ok) throw new Error(result.error.message);
  const { range } = result;
  expect([new Date(range.from).toISOString(), new Date(range.to).toISOString(), range.relative]).toEqual([
    from,
    to,
    relative,
  ]);
});

test.each<[text: string, message: string]>([
  ["", "`` is not a time range"],
  ["whenever", "`whenever` is not a time range"],
  ["0m", "`0m` lies in the future"],
  ["last", "`last` is not a time range"],
  ["2026-11-21", "`2026-11-21` lies in the future"],
  ["2026-11-20 15:00 to 2026-11-20 14:00", "`2026-11-20 15:00 to 2026-11-20 14:00` ends before it begins"],
  ["a to b", "`a to b` is not a time range"],
  ["1h to 2h to 3h", "`1h to 2h to 3h` is not a time range"],
])("the range %j is refused: %s", (text, message) => {
  expect(parseTimeRange(text, NOW, "utc")).toMatchObject({ ok: false, error: { message } });
});

test("a relative range read again later has moved", () => {
  const first = parseTimeRange("last 15 minutes", NOW);
  const again = parseTimeRange((first.ok && first.range.relative) || "", NOW + 60_000);
  expect(again).toMatchObject({ ok: true, range: { to: NOW + 60_000, from: NOW - 14 * 60_000 } });
});

test("local times are the machine's", () => {
  const midnight = new Date(2026, 10, 20).getTime();
  expect(parseInstant("2026-11-20", NOW, "local")).toEqual({ ok: true, time: midnight });
  expect(parseTimeRange("2026-11-18", NOW, "local")).toMatchObject({
    ok: true,
    range: { from: new Date(2026, 10, 18).getTime(), to: new Date(2026, 10, 19).getTime() },
  });
});

test.each([
  [500, "500ms"],
  [60_000, "1m"],
  [5_400_000, "90m"],
  [604_800_000, "1w"],
])("%d ms are written %s", (length, text) => {
  expect(shortLength(length)).toBe(text);
});

test.each<[text: string, nanoseconds: bigint | undefined]>([
  ["2026-11-20T14:00:00Z", 1795183200000000000n],
  ["2026-11-20T14:00:00.123456789Z", 1795183200123456789n],
  ["2026-11-20T15:00:00.5+01:00", 1795183200500000000n],
  ["2026-11-20", 1795132800000000000n],
  ["2026-11-20 14:00", 1795183200000000000n],
  ["1795183200000", 1795183200000000000n],
  ["2026-02-30", undefined],
  ["now", undefined],
  ["", undefined],
])("%j in nanoseconds", (text, nanoseconds) => {
  expect(instantNanoseconds(text)).toBe(nanoseconds);
});
