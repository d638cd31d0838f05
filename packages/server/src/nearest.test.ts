import { expect, it } from "vitest";
import { nearest } from "./nearest.ts";

it.each<[word: string, candidates: string[], expected: string | undefined]>([
  ["prot", ["port", "host"], "port"],
  ["hots", ["port", "host"], "host"],
  ["gprcPort", ["port", "grpcPort"], "grpcPort"],
  ["retentiondays", ["retentionDays"], "retentionDays"],
  ["searhc", ["serve", "search"], "search"],
  ["zzz", ["port", "host"], undefined],
  ["a", ["b"], undefined],
  ["", ["port"], undefined],
  ["x".repeat(100_000), ["port"], undefined],
])("the nearest to %j of %j is %j", (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
