import { expect, it } from "vitest";
import { type Part, partsOfWindow } from "./parts.ts";

const part = (name: string, first: number, last: number, found: number | null = 1): Part => ({
  name,
  rows: 10,
  first,
  last,
  found,
});

/** Records of the seconds 100 to 199; a record may be as late as 199.999999999. */
it.each<[says: string, from: number, to: number, counted: string[], rest: string[]]>([
  ["lies in the window as a whole", 100_000, 200_000, ["whole"], ["unindexed"]],
  ["begins before the window", 100_001, 200_000, [], ["whole", "unindexed"]],
  ["may end after the window", 100_000, 199_999, [], ["whole", "unindexed"]],
  ["ends just before the window", 200_000, 300_000, [], []],
  ["begins just after the window", 0, 100_000, [], []],
  ["begins in the window's last millisecond", 0, 100_001, [], ["whole", "unindexed"]],
  ["ends in the window's first millisecond", 199_999, 300_000, [], ["whole", "unindexed"]],
])("a part that %s", (_, from, to, counted, rest) => {
  const parts = partsOfWindow([part("whole", 100, 199), part("unindexed", 100, 199, null)], { from, to });
  expect(parts.counted.map(({ name }) => name)).toEqual(counted);
  expect(parts.rest.map(({ name }) => name)).toEqual(rest);
});
