import { expect, test } from "vitest";
import { reasonsText } from "./reasons.ts";
import { serviceQuery } from "./service-query.ts";

test.each([
  [{}, ""],
  [{ full: 3, malformed: 12_000 }, "12k malformed, 3 no room"],
  [{ something_new: 1 }, "1 something new"],
  [{ constructor: 1 }, "1 constructor"],
])("%j is told as %s", (refused, expected) => {
  expect(reasonsText(refused)).toBe(expected);
});

test.each([
  ["checkout", "service:checkout"],
  ["a b", 'service:"a b"'],
  ["(others)", undefined],
  ["(syslog)", undefined],
  ["", undefined],
])("the query for %s is %s", (name, expected) => {
  expect(serviceQuery(name)).toBe(expected);
});
