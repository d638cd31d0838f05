import { describe, expect, it } from "vitest";
import { PolylogError } from "../errors.ts";
import { type WindowFlags, windowOf } from "./window.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;

describe("the window of time", () => {
  it.each<[flags: WindowFlags, from: number | undefined, to: number | undefined, words: string]>([
    [{}, undefined, undefined, "in the last 15 minutes"],
    [{ since: "2h" }, NOW - 2 * HOUR, undefined, "in the last 2h"],
    [{ since: "yesterday" }, NOW - 36 * HOUR, undefined, "since yesterday"],
    [{ since: "2h", to: "1h" }, NOW - 2 * HOUR, NOW - HOUR, "from 2h to 1h"],
    [{ from: "10:00" }, NOW - 2 * HOUR, undefined, "since 10:00"],
    [{ from: "10:00", to: "11:00" }, NOW - 2 * HOUR, NOW - HOUR, "from 10:00 to 11:00"],
    [{ from: "10:00", to: "23:00" }, NOW - 2 * HOUR, NOW + 11 * HOUR, "from 10:00 to 23:00"],
    [
      { from: "2026-11-20", to: "2026-11-20" },
      NOW - 36 * HOUR,
      NOW - 12 * HOUR,
      "from 2026-11-20 to 2026-11-20",
    ],
    [{ to: "11:00" }, undefined, NOW - HOUR, "in the 15 minutes before 11:00"],
  ])("of %j", (flags, from, to, words) => {
    const window = windowOf(flags, NOW, "utc");
    expect([window.from, window.to, window.words]).toEqual([from, to, words]);
  });

  it.each<[flags: WindowFlags, says: RegExp]>([
    [{ since: "soon" }, /^--since can't be "soon"/],
    [{ from: "soon" }, /^--from can't be "soon"/],
    [{ to: "5x" }, /^--to can't be "5x"/],
    [{ since: "1h", from: "2h" }, /^--since and --from/],
    [{ from: "1h", to: "2h" }, /ends before it begins/],
  ])("is refused for %j", (flags, says) => {
    expect(() => windowOf(flags, NOW, "utc")).toThrow(PolylogError);
    expect(() => windowOf(flags, NOW, "utc")).toThrow(says);
  });
});
