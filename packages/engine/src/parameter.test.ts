import { expect, test } from "vitest";
import { formatParameter } from "./parameter.ts";

test.each<[text: string, value: unknown]>([
  ["plain", "plain"],
  ["", ""],
  ["it\\'s\\ta\\nline\\r\\\\", "it's\ta\nline\r\\"],
  ["Käse 🧀", "Käse 🧀"],
  ["7", 7],
  ["-0.5", -0.5],
  ["1e+21", 1e21],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["18446744073709551615", 18446744073709551615n],
  ["[]", []],
  ["['a','it\\'s','']", ["a", "it's", ""]],
  ["[1,2]", [1n, 2]],
])("a value is written as %s", (text, value) => {
  expect(formatParameter(value)).toBe(text);
});

test.each<[unknown]>([[Number.NaN], [null], [undefined], [{}], [[[1]]], [true]])("%s is refused", (value) => {
  expect(() => formatParameter(value)).toThrow(TypeError);
});
