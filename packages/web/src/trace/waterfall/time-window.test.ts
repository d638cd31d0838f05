import { expect, test } from "vitest";
import { placeIn, ruler, zoomInto } from "./time-window.ts";

const whole = { start: 0, end: 1000 };

test("a drag in either direction zooms into what it covers", () => {
  expect(zoomInto(whole, 0.2, 0.6)).toEqual({ start: 200, end: 600 });
  expect(zoomInto(whole, 0.6, 0.2)).toEqual({ start: 200, end: 600 });
  expect(zoomInto({ start: 200, end: 600 }, 0.5, 2)).toEqual({ start: 400, end: 600 });
});

test("there is an end to zooming", () => {
  const { start, end } = zoomInto(whole, 0.5, 0.500001);
  expect(end - start).toBe(100);
});

test.each([
  [200, 400, { left: 20, width: 20 }],
  [-100, 500, { left: 0, width: 50 }],
  [900, 2000, { left: 90, width: 10 }],
  [1001, 1100, undefined],
])("%d to %d lies at %o", (start, end, expected) => {
  expect(placeIn(whole, start, end)).toEqual(expected);
});

test("the ruler has round moments", () => {
  expect(ruler(whole, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
  expect(ruler({ start: 130, end: 470 }, 4)).toEqual([200, 300, 400]);
});
