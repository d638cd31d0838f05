import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fieldReference } from "./fields.ts";
import { severitiesOf } from "./level.ts";
import { parseQuery } from "./parser.ts";
import { type TestRecord, testRecord } from "./testing/record.ts";
import { type SearchEngine, startSearchEngine } from "./testing/search-engine.ts";

const README = readFileSync(new URL("./README.md", import.meta.url), "utf8");

/** The rows of the tables whose head begins with these cells; each cell's code, without the ticks. */
function rowsOf(...head: readonly string[]): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let isInside = false;
  for (const line of README.split("\n")) {
    const cells = line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim());
    if (!line.startsWith("|")) isInside = false;
    else if (head.every((name, index) => name === cells[index])) isInside = true;
    else if (isInside && !line.startsWith("| -")) {
      rows.push(cells.map((cell) => cell.replace(/^`(.*)`$/, "$1")));
    }
  }
  if (rows.length === 0) throw new Error(`No table ${head.join(", ")}`);
  return rows;
}

let engine: SearchEngine;
beforeAll(async () => {
  engine = await startSearchEngine();
});
afterAll(() => engine?.close());

async function expectFinds(query: string, found: Partial<TestRecord>, passed: Partial<TestRecord>) {
  await engine.truncate();
  await engine.insert([testRecord({ ...found, id: 1 }), testRecord({ ...passed, id: 2 })]);
  expect(await engine.search(query)).toEqual([1]);
}

describe("the examples of the README are true", () => {
  test.each(rowsOf("Query", "finds messages such as", "but not"))("%s finds %s, not %s", async (...cells) => {
    const [query = "", found = "", passed = ""] = cells;
    await expectFinds(query, { body: found }, { body: passed });
  });

  test.each(rowsOf("Query", "finds", "but not"))("%s finds %s, not %s", async (...cells) => {
    const [query = "", found = "", passed = ""] = cells;
    await expectFinds(query, { attributes: JSON.parse(found) }, { attributes: JSON.parse(passed) });
  });

  test.each(rowsOf("Query", "finds levels"))("%s finds %s, not %s", async (...cells) => {
    const [query = "", found = "", passed = ""] = cells;
    const severity = (level: string) => severitiesOf(level)?.lowest ?? Number.NaN;
    await expectFinds(query, { severityNumber: severity(found) }, { severityNumber: severity(passed) });
  });

  test.each(rowsOf("Query", "looks for the text"))("%s looks for %s", async (query = "", text = "") => {
    const result = parseQuery(query);
    expect(result).toMatchObject({ ok: true, tree: { kind: "text", pattern: { pieces: [text] } } });
    await expectFinds(query, { body: `x ${text} y` }, { body: "x y" });
  });

  test.each(rowsOf("Query", "means"))("%s is a query", (query = "") => {
    expect(parseQuery(query).ok).toBe(true);
  });

  test.each<[query: string, same: string]>([
    ["a b", "a AND b"],
    ["-a", "NOT a"],
    ["a OR b c", "a OR (b c)"],
    ["*", ""],
  ])("%s means %s", async (query, same) => {
    await engine.truncate();
    await engine.insert(["", "a", "b", "c", "a b", "b c", "a c"].map((body, id) => testRecord({ id, body })));
    expect(await engine.search(query)).toEqual(await engine.search(same));
  });

  test("each name of a field means the field", () => {
    const rows = rowsOf("Field", "is", "also written");
    const traces = rows.findIndex(([field]) => field === "name");
    rows.forEach(([field = "", , aliases = ""], index) => {
      const names = (text: string) =>
        text
          .replaceAll("`", "")
          .split(", ")
          .filter((name) => name !== "");
      const target = index < traces ? "logs" : "traces";
      const fields = names(field);
      for (const name of [...fields, ...names(aliases)]) {
        const reference = fieldReference(name, target);
        expect(reference.kind, name).toBe("column");
        expect(fields, name).toContain(reference.key);
      }
    });
  });

  test("every code block is a query", () => {
    const blocks = [...README.matchAll(/```\n(.*?)\n```/gs)].map((match) => match[1] as string);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) expect(parseQuery(block).ok, block).toBe(true);
  });
});
