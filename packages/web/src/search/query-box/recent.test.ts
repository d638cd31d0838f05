import { expect, test } from "vitest";
import { withQuery } from "./recent.ts";

test("the newest query is in front, and there once", () => {
  expect(withQuery(["b", "a"], "a")).toEqual(["a", "b"]);
});

test("only some are kept", () => {
  expect(
    withQuery(
      Array.from({ length: 50 }, (_, index) => `q${index}`),
      "new",
    ),
  ).toHaveLength(30);
});
