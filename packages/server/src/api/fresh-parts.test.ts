import { expect, it } from "vitest";
import { watchFreshParts } from "./fresh-parts.ts";

/** @param gap milliseconds between commits @param since milliseconds since the last one */
function hasFreshParts(commits: number, gap: number, since: number): boolean {
  let now = 0;
  let commit = () => {};
  const look = watchFreshParts({
    clock: () => now,
    onCommit(listener) {
      commit = listener;
      return () => {};
    },
  });
  for (let count = 0; count < commits; count++) {
    now += gap;
    commit();
  }
  now += since;
  return look();
}

it.each<[says: string, commits: number, gap: number, since: number, expected: boolean]>([
  ["none came in", 0, 200, 0, false],
  ["a few came in", 9, 200, 0, false],
  ["they come in one after the other", 10, 200, 0, true],
  ["they have come in for long", 1_000, 200, 0, true],
  ["they come in seldom", 100, 1_200, 0, false],
  ["they have ended", 100, 200, 9_000, false],
])("parts are fresh or not when %s", (_, commits, gap, since, expected) => {
  expect(hasFreshParts(commits, gap, since)).toBe(expected);
});
