import type { FieldReference } from "../../query/index.ts";
import type { Ask } from "../question.ts";
import type { Statement } from "../statement.ts";
import type { Window } from "../window.ts";
import { beginsWithPrefix, costOf, type FieldValues, type ValuesWanted, valueCount } from "./values.ts";

/** The bounds of a window in the rollup, which counts by hours. */
export function inHours(window: Window): Statement {
  return {
    sql: "Hour >= toDateTime({from_hour:UInt32}) AND Hour < toDateTime({to_second:UInt32})",
    parameters: {
      from_hour: Math.floor(window.from / 3_600_000) * 3600,
      to_second: Math.ceil(window.to / 1000),
    },
  };
}

/**
 * The values of an attribute from the hourly sums; undefined when most of its values are not kept there. The empty
 * value comes first: it carries the count of those.
 */
export async function rollupValues(
  ask: Ask,
  field: FieldReference,
  window: Window,
  { limit, prefix }: ValuesWanted,
  signal: AbortSignal,
): Promise<FieldValues | undefined> {
  const hours = inHours(window);
  const begins = prefix === "" ? "true" : `(Value = '' OR ${beginsWithPrefix("Value")})`;
  const sql = `SELECT Value, sum(Count) AS Records
FROM log_fields
WHERE ${hours.sql} AND Kind IN {kinds:Array(String)} AND Key = {key:String} AND ${begins}
GROUP BY Value
ORDER BY Value = '' DESC, Records DESC, Value
LIMIT {limit:UInt32}`;
  const parameters = { ...hours.parameters, kinds: field.places, key: field.key, prefix, limit: limit + 1 };
  const answer = await ask({ sql, parameters, atLimit: "fail" }, signal);
  const rows = answer.rows.map(valueCount);
  const notKept = rows.find(({ value }) => value === "")?.count ?? 0;
  const values = rows.filter(({ value }) => value !== "").slice(0, limit);
  const kept = values.reduce((sum, { count }) => sum + count, 0);
  return notKept > kept ? undefined : { values, approximate: true, ...costOf(answer) };
}
