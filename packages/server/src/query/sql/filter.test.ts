import { expect, test } from "vitest";
import { parseQuery } from "../parser.ts";
import { filterToSql } from "./filter.ts";

test("nothing that was typed is in the statement's text, only in its parameters", () => {
  const queries = [
    "evil",
    '"evil evil"',
    "ev*il",
    "/evil/i",
    "evil:evil",
    "evil:evil*",
    "evil:/evil/",
    "evil:(evil OR evil)",
    "service:evil",
    "logger:evil",
    "trace:evil",
    "attributes.evil:>5",
    "resource.evil:[1 TO 5]",
    "scope.evil:*",
    "-evil:evil",
    '"ev\\u{0}il\\"\\\\":evil',
    "id:6666666",
    "timestamp:>6666666",
    "x:>6666666",
  ];
  for (const query of queries) {
    for (const target of ["logs", "traces"] as const) {
      const result = parseQuery(query, { target });
      if (!result.ok) throw new Error(`${query}: ${result.error.message}`);
      const { sql, parameters } = filterToSql(result.tree, target);
      expect(sql, query).not.toMatch(/evil|6666666/);
      expect(JSON.stringify(parameters), query).toMatch(/ev|6666666/);
    }
  }
});
