import { expect, test } from "vitest";
import { marksIn, placeIn, ruler, stretchesIn, zoomInto } from "./time-window.ts";

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

test("stretches less than a pixel apart are drawn as one, also 100,000 of them", () => {
  expect(
    stretchesIn(whole, [
      { start: 0, end: 100 },
      { start: 100.1, end: 200 },
      { start: 500, end: 600 },
    ]),
  ).toEqual([
    { left: 0, width: 20 },
    { left: 50, width: 10 },
  ]);
  const many = Array.from({ length: 100_000 }, (_, index) => ({
    start: index / 100,
    end: index / 100 + 0.005,
  }));
  expect(stretchesIn(whole, many).length).toBeLessThan(3000);
  expect(stretchesIn({ start: 700, end: 900 }, [{ start: 0, end: 100 }])).toEqual([]);
});

test("of marks on one spot the first is drawn", () => {
  const marks = [{ at: 100 }, { at: 100.1 }, { at: 900 }, { at: 1001 }];
  expect(marksIn(whole, marks).map(({ mark }) => mark.at)).toEqual([100, 900]);
});
