import type { Statement } from "./statement.ts";
import { inWindow, type Window } from "./window.ts";

/** From here on, in milliseconds, it pays to count in two pieces; a piece more costs a few milliseconds whatever the window. */
const LONG_WINDOW = 30 * 60_000;

/** What is counted: records of a window that match, by keys. */
export interface CountedRecords {
  readonly window: Window;
  /** On the columns of `otel_logs`. */
  readonly condition: Statement;
  /** Expressions to group by and their names, `ServiceName AS Value`; none for the count of all. */
  readonly keys: readonly { readonly sql: string; readonly name: string }[];
}

/**
 * Counts of records by keys: a statement with the keys' columns and `Records`. Hot: counts, histogram and facets
 * are all made of it.
 *
 * Most of what a plain count over a day costs is reading `Timestamp`, eight bytes a row that hardly compress, only to
 * compare it (measured on 5 million rows: 100 ms). So over a long window all rows of the granules that the primary
 * key finds are counted, without looking at their time, and then the few rows in the granules at both edges that lie
 * outside are taken away (15 ms). It is exact; a test asks for random windows.
 */
export function groupedCount({ window, condition, keys }: CountedRecords): Statement {
  const time = inWindow(window);
  const names = keys.map(({ name }) => name);
  const columns = keys.map(({ sql, name }) => `${sql} AS ${name}, `).join("");
  const by = names.length === 0 ? "" : `\nGROUP BY ${names.join(", ")}`;
  const parameters = { ...condition.parameters, ...time.parameters };
  if (window.to - window.from < LONG_WINDOW) {
    return {
      sql: `SELECT ${columns}count() AS Records FROM otel_logs WHERE ${time.sql} AND (${condition.sql})${by}`,
      parameters,
    };
  }
  // With nothing to read, the engine would count whole parts instead of the granules that were found.
  const matches = `ignore(SeverityNumber) = 0 AND (${condition.sql})`;
  return {
    sql: `SELECT ${names.map((name) => `${name}, `).join("")}sum(Part) AS Records
FROM (
SELECT ${columns}toInt64(count()) AS Part FROM otel_logs WHERE indexHint(${time.sql}) AND ${matches}${by}
UNION ALL
SELECT ${columns}-toInt64(count()) AS Part FROM otel_logs WHERE indexHint(${time.sql} AND ${AT_EDGES}) AND NOT (${OPAQUE_TIME}) AND ${matches}${by}
)${by}
HAVING Records > 0`,
    parameters,
  };
}

/**
 * For the primary key: granules that may reach over an edge. It takes in one value of the window at each edge, as the
 * engine proves that nothing lies both in the window and outside, and would pass over a granule that ends just there.
 */
const AT_EDGES =
  "(Timestamp <= fromUnixTimestamp64Nano({from:Int64}) OR Timestamp >= fromUnixTimestamp64Nano({to:Int64} - 1))";

/** For the rows: the window in a form from which the engine concludes nothing about granules. */
const OPAQUE_TIME =
  "identity(Timestamp) >= fromUnixTimestamp64Nano({from:Int64}) AND identity(Timestamp) < fromUnixTimestamp64Nano({to:Int64})";
