import type { QueryLimits } from "../config/server-config.ts";
import type { Target } from "../query/index.ts";
import { readingTime } from "./ask.ts";
import { TABLES } from "./filter.ts";
import type { Question } from "./question.ts";
import { slowConditionSettings } from "./slow-condition.ts";
import type { Statement } from "./statement.ts";
import { inWindow, type Window } from "./window.ts";

/** From here on, in milliseconds, it pays to count in two pieces; the second costs some milliseconds whatever the window. */
const LONG_WINDOW = 30 * 60_000;

/** What is counted: records or spans of a window that match, by keys. */
export interface CountedRecords {
  readonly window: Window;
  /** On the columns of the target's table. */
  readonly condition: Statement & { readonly target: Target };
  /** Expressions to group by and their names, `ServiceName AS Value`; none for the count of all. */
  readonly keys: readonly { readonly sql: string; readonly name: string }[];
  /**
   * Counts by each of the keys instead of by all of them together. The answer then has `KeySet` after the keys, to be
   * read by {@link keyOfSet}; only the key it tells of means something.
   */
  readonly isByEachKey?: boolean;
  /** What is done with the counts: order, limit. */
  readonly suffix?: string;
  /** Milliseconds, when less than the limits allow. */
  readonly timeout?: number;
}

/**
 * Counts of records by keys: a question whose answer has the keys and `Records`. Hot: counts, histogram and facets
 * are all made of it.
 *
 * Most of what a plain count over a day costs is reading `Timestamp`, eight bytes a row that hardly compress, only to
 * compare it (measured on 5 million rows: 100 ms). So over a long window all rows of the granules that the primary
 * key finds are counted, without looking at their time, and then the few rows in the granules at both edges that lie
 * outside are taken away (15 ms). It is exact; a test asks for random windows.
 *
 * When time runs out, the reading ends and what was counted by then is the answer.
 */
export function countQuestion(counted: CountedRecords, limits: QueryLimits): Question {
  const { window, condition, keys } = counted;
  const time = inWindow(window);
  const timeout = readingTime(limits, counted.timeout);
  const names = keys.map(({ name }) => name);
  const columns = keys.map(({ sql, name }) => `${sql} AS ${name}`);
  let pieceGroups = groupBy(names);
  if (counted.isByEachKey) {
    columns.push(`grouping(${names.join(", ")}) AS KeySet`);
    pieceGroups = `GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(", ")})`;
    names.push("KeySet");
  }

  const piece = (count: string, where: string) =>
    `SELECT ${[...columns, `${count} AS Part`].join(", ")}
FROM ${TABLES[condition.target]}
WHERE ${where} AND (${condition.sql})
${pieceGroups}
SETTINGS max_execution_time = ${timeout / 1000}, timeout_overflow_mode = 'break'`;
  const pieces =
    window.to - window.from < LONG_WINDOW
      ? [piece("toInt64(count())", time.sql)]
      : [
          piece("toInt64(count())", `indexHint(${time.sql})`),
          piece("-toInt64(count())", `indexHint(${time.sql} AND ${AT_EDGES}) AND NOT (${OPAQUE_TIME})`),
        ];
  return {
    sql: `SELECT ${[...names, "sum(Part) AS Records"].join(", ")}
FROM (
${pieces.join("\nUNION ALL\n")}
)
${groupBy(names)}
HAVING Records > 0
${counted.suffix ?? ""}`,
    parameters: { ...condition.parameters, ...time.parameters },
    // With nothing to read, the engine would count whole parts instead of the granules that were found.
    settings: {
      optimize_trivial_count_query: 0,
      optimize_use_implicit_projections: 0,
      ...slowConditionSettings(condition),
    },
    atLimit: "answer",
    timeout,
  };
}

function groupBy(names: readonly string[]): string {
  return names.length === 0 ? "" : `GROUP BY ${names.join(", ")}`;
}

/** The index of the key that a row of counts by each key is about. Source: ClickHouse's `grouping`, SQL standard. */
export function keyOfSet(keySet: unknown, keys: number): number {
  // The first key is the highest bit, and the key that was grouped by is the one that is not set.
  return keys - 1 - Math.log2((2 ** keys - 1) ^ Number(keySet));
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
