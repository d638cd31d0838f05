import { expect, it } from "vitest";
import { markNegations, queryOf } from "./negation.ts";

it.each<[words: string[], marked: boolean[]]>([
  [
    ["search", "-path:/health", "-n", "5", "--json", "-n5", "-h"],
    [false, true, false, false, false, false, false],
  ],
  [
    ["tail", "level:error", "OR", "-a"],
    [false, false, false, true],
  ],
  [
    ["run", "--", "ls", "-la"],
    [false, false, false, false],
  ],
  [
    ["search", "-", "--", "-"],
    [false, false, false, false],
  ],
])("of %j the queries' negations are marked", (words, marked) => {
  const result = markNegations(words);
  expect(result.map((word, index) => word !== words[index])).toEqual(marked);
  expect(queryOf(result)).toBe(words.join(" "));
});
