import { expect, it } from "vitest";
import { type Part, partsOfWindow, type Row, readParts } from "./parts.ts";

const part = (name: string, first: number, last: number, found: number | null = 1): Part => ({
  name,
  rows: 10,
  first,
  last,
  found,
  isFresh: false,
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

const seconds = (time: string): number => (Date.parse(time) / 1_000) % 2 ** 32;
const DAY: Row = [
  "day",
  "5",
  seconds("2026-11-20T01:00:00Z"),
  seconds("2026-11-20T23:59:59Z"),
  "20261120",
  0,
  "0",
];
const counted = (name: string, found: string): Row => [name, "0", 0, 0, "", 0, found];

it.each<[says: string, rows: Row[], found: number | null]>([
  ["is what its index says", [DAY, counted("day", "3"), counted("other", "4")], 3],
  ["isn't known without an index", [DAY, counted("other", "4")], null],
  ["isn't known after records were deleted", [DAY.with(5, 1) as unknown as Row, counted("day", "3")], null],
])("what a part has of a word %s", (_, rows, found) => {
  expect(readParts(rows)).toMatchObject([{ name: "day", rows: 5, found }]);
});

it.each<[says: string, time: string, partition: string, isKnown: boolean]>([
  ["a day", "2026-11-20T23:59:59Z", "20261120", true],
  ["a month", "2026-11-30T23:59:59Z", "20261101", true],
  ["a year", "2024-12-31T23:59:59Z", "20240101", true],
  ["1970", "1970-01-01T00:00:01Z", "19700101", true],
  ["2200, which is a day of 2020 by its partition", "2200-01-01T00:00:00Z", "20200727", false],
  ["a time past the last date", "2200-01-01T00:00:00Z", "21490606", false],
  ["other partitions", "2026-11-20T00:00:00Z", "all", false],
])("the time of a part of %s", (_, time, partition, isKnown) => {
  const [part] = readParts([["part", "5", seconds(time), seconds(time), partition, 0, "0"]]);
  const known = { first: seconds(time), last: seconds(time) };
  expect(part).toMatchObject(isKnown ? known : { first: 0, last: Number.POSITIVE_INFINITY });
});

it.each<[name: string, isFresh: boolean]>([
  ["20261120_7_7_0", true],
  ["20261120_1_7_1", false],
  ["20261120_1_20_10", false],
])("%s is a part of an insert: %s", (name, isFresh) => {
  expect(readParts([DAY.with(0, name) as unknown as Row])).toMatchObject([{ name, isFresh }]);
});
