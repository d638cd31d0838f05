import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoTime } from "./timestamp.ts";

describe("times", () => {
  it.each([0, 1, 999, 1000, 1_774_607_025_123, -1, -1000, 4_102_444_800_000])(
    "%d is what Date says",
    (time) => {
      expect(isoTime(time)).toBe(new Date(time).toISOString());
    },
  );

  it("are right whatever came before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") })),
        (dates) => {
          for (const date of dates) expect(isoTime(date.getTime())).toBe(date.toISOString());
        },
      ),
    );
  });

  it("that no Date can hold count as 1970", () => {
    expect([Number.NaN, 1e300].map(isoTime)).toEqual([
      "1970-01-01T00:00:00.000Z",
      "1970-01-01T00:00:00.000Z",
    ]);
  });
});
