import type { ServiceEdge, ServiceNode } from "@polylog/server/contract";
import { expect, test } from "vitest";
import { layoutOf } from "./layout.ts";

const node = (name: string, calls = 1): ServiceNode => ({
  ...{ name, kind: "service", calls, errors: 0 },
  ...{ p50: 1, p95: 1 },
});
const edges = (...pairs: readonly string[]): readonly ServiceEdge[] =>
  pairs.map((pair) => ({ from: pair[0] ?? "", to: pair[1] ?? "", calls: 1, errors: 0, p50: 1, p95: 1 }));

function columns(names: string, ...pairs: readonly string[]): string {
  const { places } = layoutOf(
    [...names].map((name) => node(name)),
    edges(...pairs),
  );
  return [...places]
    .map(([name, { column }]) => `${name}${column}`)
    .toSorted()
    .join(" ");
}

test.each([
  ["who calls stands left of who is called", "abc", ["ab", "bc"], "a0 b1 c2"],
  ["the longest way counts", "abc", ["ab", "bc", "ac"], "a0 b1 c2"],
  ["a ring begins somewhere and ends", "ab", ["ab", "ba"], "a0 b1"],
  ["a call of one's own is no step", "a", ["aa"], "a0"],
  ["who knows nobody stands first", "abz", ["ab"], "a0 b1 z0"],
])("%s", (_, names, pairs, expected) => {
  expect(columns(names, ...pairs)).toBe(expected);
});

test("neighbours stand near each other: parallel lines don't cross", () => {
  const { places } = layoutOf(
    ["a", "b", "x", "y"].map((name) => node(name)),
    edges("ay", "bx"),
  );
  const row = (name: string) => places.get(name)?.row ?? -1;
  expect(row("a") < row("b")).toBe(row("y") < row("x"));
});

test("500 services in a chain with rings are laid out", () => {
  const names = Array.from({ length: 500 }, (_, index) => `s${index}`);
  const chain = names.map((name, index) => ({
    ...{ from: name, to: names[(index + 1) % 500] ?? "", calls: 1, errors: 0 },
    ...{ p50: 1, p95: 1 },
  }));
  const { places, columns: count } = layoutOf(
    names.map((name) => node(name)),
    chain,
  );
  expect(places.size).toBe(500);
  expect(count).toBe(500);
});
