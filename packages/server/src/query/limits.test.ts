import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRecord } from "./testing/record.ts";
import { type SearchEngine, startSearchEngine } from "./testing/search-engine.ts";

let engine: SearchEngine;
beforeAll(async () => {
  engine = await startSearchEngine();
  await engine.insert([testRecord({ id: 1, body: `${"a".repeat(20_000)} b`, attributes: { x: "y" } })]);
});
afterAll(() => engine?.close());

const many = (length: number, term: (index: number) => string, separator: string) =>
  Array.from({ length }, (_, index) => term(index)).join(separator);

describe("the largest queries that the parser takes, the engine takes", () => {
  test.each<[name: string, query: string]>([
    ["words", many(300, (index) => `w${index}`, " OR ")],
    ["words that must all be there", many(300, (index) => `w${index}`, " ")],
    ["words of several tokens", many(300, (index) => `w${index}-é`, " OR ")],
    ["prefixes", many(300, (index) => `prefix${index}*`, " OR ")],
    ["attributes", many(300, (index) => `some.attribute.${index}:value`, " OR ")],
    ["numbers", many(300, (index) => `n${index}:[1 TO 9]`, " OR ")],
    ["regular expressions", many(300, (index) => `x:/a${index}/`, " OR ")],
    ["exclusions", many(300, (index) => `-attribute${index}:x`, " ")],
    ["nesting", `${"(a OR -".repeat(25)}b${")".repeat(25)}`],
    ["a long word", "é".repeat(16_000)],
    ["a long phrase", `"${"ab ".repeat(5000)}"`],
    ["a long value", `x:"${"%_é".repeat(5000)}"`],
    ["a word with stars", many(21, () => "a", "*")],
    ["a value with stars", `x:${many(21, () => "a", "*")}`],
  ])("%s", async (_, query) => {
    expect(query.length).toBeLessThanOrEqual(16_384);
    await engine.search(query);
    await engine.search(query, "traces");
  });
});

test("nothing that the pages bundle needs Node", () => {
  const files = readdirSync(new URL(".", import.meta.url), { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith("testing"),
  );
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const source = readFileSync(new URL(file, import.meta.url), "utf8");
    const imports = [...source.matchAll(/from "([^"]+)"/g)].map((match) => match[1] as string);
    const outside = imports.filter((path) => !path.startsWith("."));
    expect(outside, file).toEqual([]);
    expect(source, file).not.toMatch(/\b(?:process|Buffer|require)\b[.(]/);
  }
});
