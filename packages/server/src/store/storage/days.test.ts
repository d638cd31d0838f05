import { expect, it } from "vitest";
import { type DayOnDisk, growthOf } from "./days.ts";

const NOW = Date.UTC(2026, 10, 21, 12);

function day(name: string, bytes: number): DayOnDisk {
  return {
    day: name,
    logs: { rows: 1, bytes },
    spans: { rows: 0, bytes: 0 },
    expiresFrom: null,
    expires: null,
  };
}

it.each([
  ["nothing", [], null],
  ["only today", [day("2026-11-21", 100)], null],
  ["one whole day", [day("2026-11-21", 5), day("2026-11-20", 100)], 100],
  ["two, of which one was silent", [day("2026-11-20", 100), day("2026-11-18", 200)], 100],
  ["more than a week", [day("2026-11-20", 700), day("2026-11-14", 70), day("2026-11-13", 9e9)], 110],
  ["old months", [day("2020-01-01", 1e9)], null],
])("growth of a store that holds %s", (_, days, expected) => {
  expect(growthOf(days, NOW)).toBe(expected);
});
