import { expect, test } from "vitest";
import { row } from "../../testing/row.ts";
import { fieldValue } from "./value.ts";

const record = row({
  attributes: { path: "/cart", "service.version": "attribute" },
  resource: { "service.version": "resource", region: "eu" },
  scope: { region: "scope", module: "m" },
});

test.each([
  ["level", "info"],
  ["service", "checkout"],
  ["message", "hello"],
  ["path", "/cart"],
  ["service.version", "attribute"],
  ["region", "eu"],
  ["module", "m"],
  ["missing", undefined],
  ["constructor", undefined],
  ["__proto__", undefined],
])("%s is %s", (field, expected) => {
  expect(fieldValue(record, field)).toBe(expected);
});
