import { expect, it } from "vitest";
import { mismatch, show } from "./mismatch.ts";

const circular: Record<string, unknown> = {};
circular.self = circular;

it.each([
  ["the same", 1, 1, undefined],
  ["not a number", Number.NaN, Number.NaN, undefined],
  ["other types", "1", 1, 'metadata: expected "1", got 1'],
  ["a pattern", /ab+/, "xabbx", undefined],
  ["a pattern with a position", /ab/g, "ab", undefined],
  ["a pattern of a number", /1/, 1, "metadata: expected /1/, got 1"],
  ["more than is expected", { a: 1 }, { a: 1, b: 2 }, undefined],
  ["less than is expected", { a: 1, b: 2 }, { a: 1 }, "metadata.b: expected 2, got undefined"],
  ["deep inside", { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, "metadata.a[0].b: expected 1, got 2"],
  ["a longer array", [1], [1, 2], "metadata: expected [1], got [1,2]"],
  ["an object for an array", [1], { 0: 1 }, 'metadata: expected [1], got {"0":1}'],
  ["nothing", { a: 1 }, undefined, 'metadata: expected {"a":1}, got undefined'],
  ["null", null, undefined, "metadata: expected null, got undefined"],
  ["the same date", new Date(5), new Date(5), undefined],
  ["another date", new Date(0), new Date(5), /^metadata: expected "1970-01-01T00:00:00.000Z"/],
  ["a matcher", { a: expect.any(Number) }, { a: 7 }, undefined],
  ["a matcher that refuses", { a: expect.any(Number) }, { a: "7" }, /^metadata\.a: expected Any/],
  ["a big number", 5n, 6n, "metadata: expected 5n, got 6n"],
  ["two circles", circular, { ...circular, self: { ...circular } }, undefined],
])("%s", (_, expected, actual, difference) => {
  const found = mismatch(expected, actual, "metadata");
  if (difference instanceof RegExp) expect(found).toMatch(difference);
  else expect(found).toBe(difference);
});

it("shows long values cut", () => {
  expect(show("x".repeat(5_000)).length).toBeLessThan(310);
});
