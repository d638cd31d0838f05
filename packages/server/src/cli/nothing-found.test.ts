import { expect, it } from "vitest";
import { reasons, roundedUp } from "./nothing-found.ts";
import { nothingExplained } from "./testing/fake-server.ts";

const MINUTE = 60_000;

it.each<[minutes: number, text: string]>([
  [0, "1m"],
  [14.5, "15m"],
  [15, "16m"],
  [90, "2h"],
  [26 * 60, "27h"],
  [72 * 60, "4d"],
])("%s minutes are surely within %s", (minutes, text) => {
  expect(roundedUp(minutes * MINUTE)).toBe(text);
});

it("names the part of the query that excludes everything, and the newest match", () => {
  const parts = [
    { text: "level:error", start: 0, end: 11, countWithout: 0 },
    { text: "service:chekout", start: 12, end: 27, countWithout: 1312 },
  ];
  const answer = { ...nothingExplained, inWindow: 5000, parts, newestMatch: "2026-01-01T00:00:00Z" };
  expect(reasons(answer, "level:error service:chekout", Date.UTC(2026, 0, 1, 3))).toEqual([
    "Without service:chekout it would be 1,312 records.",
    "The newest match is of 2026-01-01T00:00:00Z. --since 4h finds it.",
  ]);
});

it("says that there is nothing at all", () => {
  expect(reasons(nothingExplained, "", 0)).toEqual(["There are no records at all in that time."]);
});

it("counts what there is when it knows no better", () => {
  expect(reasons({ ...nothingExplained, inWindow: 1200 }, "x", 0)).toEqual([
    "None of the 1,200 records of that time matches.",
  ]);
});
