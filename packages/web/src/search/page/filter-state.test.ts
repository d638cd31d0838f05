import { expect, test } from "vitest";
import { filterState, toggleFilter } from "./filter-state.ts";

test.each([
  ["", "service", "checkout", undefined],
  ["service:checkout card", "service", "checkout", "filtered"],
  ["-service:checkout", "service", "checkout", "excluded"],
  ["service:billing", "service", "checkout", undefined],
  ["service:", "service", "checkout", undefined],
] as const)("in %o the value %s:%s is %s", (query, field, value, expected) => {
  expect(filterState(query, field, value)).toBe(expected);
});

test.each([
  ["a click adds it", "card", false, "card service:checkout"],
  ["a second click takes it back", "card service:checkout", false, "card"],
  ["an Alt-click excludes it", "card", true, "card -service:checkout"],
  [
    "an Alt-click on what is asked for turns it round",
    "service:checkout card",
    true,
    "-service:checkout card",
  ],
  ["a second Alt-click takes it back", "-service:checkout card", true, "card"],
])("%s", (_, query, isExcluded, expected) => {
  expect(toggleFilter(query, "service", "checkout", isExcluded)).toBe(expected);
});

test("a hostile value is quoted so that it stays a value", () => {
  const query = toggleFilter("", "path", '" OR level:fatal', false);
  expect(filterState(query, "path", '" OR level:fatal')).toBe("filtered");
  expect(filterState(query, "level", "fatal")).toBeUndefined();
});
