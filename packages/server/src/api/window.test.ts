import { expect, it } from "vitest";
import { readInstant, readWindow } from "./window.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");

it.each<[from: string | undefined, to: string | undefined, window: readonly [from: number, to: number]]>([
  [undefined, undefined, [NOW - 900_000, NOW]],
  ["now-1h", undefined, [NOW - 3_600_000, NOW]],
  [undefined, "now-1h", [NOW - 4_500_000, NOW - 3_600_000]],
  ["2026-11-20T10:00:00Z", "2026-11-20T11:00:00+00:00", [NOW - 7_200_000, NOW - 3_600_000]],
  [String(NOW - 1), String(NOW), [NOW - 1, NOW]],
  ["0", undefined, [0, NOW]],
  ["1960-01-01T00:00:00Z", undefined, [0, NOW]],
  [undefined, "99999999999999", [4_294_967_295_000 - 900_000, 4_294_967_295_000]],
])("from %s to %s", (from, to, [start, end]) => {
  expect(readWindow({ from, to }, NOW)).toEqual({ from: start, to: end });
});

it.each([
  ["now", "now"],
  ["now", "now-1s"],
  ["never", undefined],
  ["", undefined],
  ["1e3", undefined],
])("refuses from %j to %j", (from, to) => {
  expect(() => readWindow({ from, to }, NOW)).toThrowError(
    expect.objectContaining({ code: "POLYLOG_E_BAD_REQUEST", remedy: expect.any(String) }),
  );
});

it("names the parameter that can't be read", () => {
  expect(() => readInstant("soon", "time", NOW)).toThrowError(/`time`/);
});
