import { expect, test } from "vitest";
import { daysOfCalendar } from "./days-of-calendar.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const day = (name: string, bytes: number) => ({
  day: name,
  logs: { rows: 1, bytes },
  spans: { rows: 1, bytes: 1 },
  expiresFrom: null,
  expires: null,
});

test("days without records are there, up to today", () => {
  expect(daysOfCalendar([day("2026-11-20", 5), day("2026-11-18", 7)], NOW)).toEqual([
    { day: "2026-11-18", bytes: 8 },
    { day: "2026-11-19", bytes: 0 },
    { day: "2026-11-20", bytes: 6 },
    { day: "2026-11-21", bytes: 0 },
  ]);
});

test("old months that came late, and days to come, are no columns", () => {
  expect(daysOfCalendar([day("2026-11-23", 5), day("2020-01-01", 7)], NOW)).toEqual([]);
});
