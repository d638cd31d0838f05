import { describe, expect, it } from "vitest";
import { parseMoment } from "./moment.ts";

const NOW = Date.UTC(2026, 10, 21, 10, 30, 15, 250);

describe("a moment in UTC", () => {
  it.each<[text: string, expected: string | undefined]>([
    ["now", "2026-11-21T10:30:15.250Z"],
    ["today", "2026-11-21T00:00:00.000Z"],
    ["Yesterday", "2026-11-20T00:00:00.000Z"],
    ["2h", "2026-11-21T08:30:15.250Z"],
    ["now-15m", "2026-11-21T10:15:15.250Z"],
    ["7d", "2026-11-14T10:30:15.250Z"],
    ["14:00", "2026-11-21T14:00:00.000Z"],
    ["9:05:07", "2026-11-21T09:05:07.000Z"],
    ["2026-11-20", "2026-11-20T00:00:00.000Z"],
    ["2026-11-20 14:00", "2026-11-20T14:00:00.000Z"],
    ["2026-11-20T14:00:01.5", "2026-11-20T14:00:01.500Z"],
    ["2026-11-20T14:00:00+02:00", "2026-11-20T12:00:00.000Z"],
    ["2026-11-20 14:00Z", "2026-11-20T14:00:00.000Z"],
    ["1763721015250", "2025-11-21T10:30:15.250Z"],
    ["1763721015", "2025-11-21T10:30:15.000Z"],
    ["", undefined],
    ["5", undefined],
    ["24:00", undefined],
    ["12:60", undefined],
    ["2026-02-31", undefined],
    ["2026-13-01", undefined],
    ["2026-11-20T25:00:00Z", undefined],
    ["last week", undefined],
  ])("%j is %s", (text, expected) => {
    const moment = parseMoment(text, NOW, true);
    expect(moment === undefined ? undefined : new Date(moment).toISOString()).toBe(expected);
  });
});

it("is meant where the reader is unless it says a zone", () => {
  expect(parseMoment("2026-07-01 12:00", NOW, false)).toBe(new Date(2026, 6, 1, 12).getTime());
  expect(parseMoment("2026-07-01T12:00:00Z", NOW, false)).toBe(Date.UTC(2026, 6, 1, 12));
});
