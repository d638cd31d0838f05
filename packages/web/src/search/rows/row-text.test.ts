import { expect, test } from "vitest";
import { row } from "../../../testing/row.ts";
import { gridColumns } from "./grid-columns.ts";
import { inlineFields, oneLine } from "./row-text.ts";

test.each([
  ["plain", "plain"],
  ["two\nlines", "two ⏎ lines"],
  ["indented\r\n    at x\n", "indented ⏎ at x"],
  ["a\tb", "a  b"],
])("%o on one line is %o", (text, expected) => {
  expect(oneLine(text)).toBe(expected);
});

test("a long text is cut", () => {
  expect(oneLine("x".repeat(10_000))).toHaveLength(601);
});

test("a field that has a column is not repeated behind the message", () => {
  const fields = inlineFields(row({ attributes: { path: "/cart", status: "200" } }), ["path"]);
  expect(fields).toEqual([{ name: "status", value: "200", shown: "200" }]);
});

test("a record of 10,000 attributes shows a few", () => {
  const attributes = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`a${index}`, "v"]));
  expect(inlineFields(row({ attributes }), [])).toHaveLength(16);
});

test("a narrow page leaves the chosen columns out", () => {
  const look = { hasDays: false, isNarrow: true };
  expect(gridColumns(["service"], look, {})).toBe("calc(8ch + 12px) calc(5ch + 14px) minmax(0, 1fr)");
});

test("a dragged width holds, within bounds", () => {
  const look = { hasDays: true, isNarrow: false };
  expect(gridColumns(["service"], look, { service: 40 })).toContain(" 40ch ");
  expect(gridColumns(["service"], look, { service: 4000 })).toContain(" 120ch ");
  expect(gridColumns(["constructor"], look, {})).toContain(" 18ch ");
});
