import { expect, test } from "vitest";
import { backoff } from "./backoff.ts";

const limits = { first: 100, cap: 1_000 };

test.each([
  [0, 100],
  [1, 100],
  [2, 200],
  [4, 800],
  [5, 1_000],
  [2_000, 1_000],
])("after %i failures it waits %i ms", (failures, expected) => {
  expect(backoff(failures, limits)).toBe(expected);
});
