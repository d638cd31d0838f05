import { expect, test } from "vitest";
import { byteText, shortCount, wholeNumber } from "./numbers.ts";

test("whole numbers have separators", () => {
  expect(wholeNumber(1_234_567)).toBe("1,234,567");
});

test.each([
  [0, "0"],
  [9_999, "9,999"],
  [12_345, "12k"],
  [999_499, "999k"],
  [999_500, "1.0M"],
  [3_400_000, "3.4M"],
  [123_000_000, "123M"],
  [2_000_000_000, "2.0G"],
])("%d is counted as %s", (value, expected) => {
  expect(shortCount(value)).toBe(expected);
});

test.each([
  [512, "512 B"],
  [999, "999 B"],
  [1_000, "1.0 kB"],
  [34_100_000, "34.1 MB"],
  [250_000_000_000, "250 GB"],
])("%d bytes are %s", (bytes, expected) => {
  expect(byteText(bytes)).toBe(expected);
});
