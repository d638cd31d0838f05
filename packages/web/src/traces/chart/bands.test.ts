import { expect, test } from "vitest";
import { bandAt, bandStart, bandsOf, byBand, lengthsOf } from "./bands.ts";

const cell = (band: number, spans = 1, errors = 0) => ({
  ...{ time: 0, band, spans, errors },
  longest: { traceId: "", spanId: "", duration: "0", time: 0 },
});

test("a band begins where the one before it ends, four to a doubling", () => {
  expect(bandStart(4)).toBe(2);
  expect(bandAt(bandStart(97))).toBeCloseTo(97);
  expect(bandAt(0)).toBe(0);
});

test("a chart has room for all bands, and never fewer than a dozen", () => {
  expect(bandsOf([cell(40), cell(90)])).toEqual({ low: 39, high: 92 });
  const { low, high } = bandsOf([cell(80)]);
  expect(high - low).toBeGreaterThanOrEqual(12);
  expect(low).toBeLessThanOrEqual(80);
  expect(bandsOf([]).high).toBeGreaterThan(bandsOf([]).low);
});

test("bands are summed over time", () => {
  expect(byBand([cell(5, 3, 1), cell(5, 2), cell(6)])).toEqual(
    new Map([
      [5, { spans: 5, errors: 1 }],
      [6, { spans: 1, errors: 0 }],
    ]),
  );
});

test.each([
  [1e6, 1e9, 4, [1e6, 1e7, 1e8, 1e9]],
  [1e6, 1e7, 6, [1e6, 2e6, 5e6, 1e7]],
  [1e3, 1e9, 3, [1e3, 1e6, 1e9]],
])("an axis from %d to %d ns with at most %d lengths", (from, to, most, expected) => {
  const bands = { low: Math.floor(bandAt(from)), high: Math.ceil(bandAt(to)) };
  expect(lengthsOf(bands, most).map((length) => Math.round(length))).toEqual(expected);
});
