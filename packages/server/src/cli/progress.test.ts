import { expect, it } from "vitest";
import { colours } from "./colours.ts";
import { duration, type Progress, progressLine } from "./progress.ts";

const progress: Progress = {
  label: "/var/log/app.log",
  doneBytes: 500,
  totalBytes: 1000,
  records: 120_000,
  elapsed: 4000,
};

it("says how far it is, how fast, and how long it still takes", () => {
  expect(progressLine(progress, 100, colours(false))).toBe(
    "/var/log/app.log  ██████████            50%  120,000 records  30,000/s  4.0 s left",
  );
});

it("does without bar when nobody knows the end", () => {
  expect(progressLine({ ...progress, totalBytes: undefined }, 100, colours(false))).toBe(
    "/var/log/app.log  120,000 records  30,000/s",
  );
});

it.each([20, 40, 60, 80, 200])("fits %i columns", (width) => {
  const label = "x".repeat(300);
  expect(progressLine({ ...progress, label }, width, colours(false)).length).toBeLessThan(
    Math.max(width, 30),
  );
});

it.each<[milliseconds: number, text: string]>([
  [0, "0.0 s"],
  [1234, "1.2 s"],
  [42_000, "42 s"],
  [75_000, "1 min 15 s"],
  [7_500_000, "2 h 5 min"],
])("%i ms are %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
