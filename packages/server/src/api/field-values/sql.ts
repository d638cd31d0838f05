import { createParameters, type FieldReference } from "../../query/index.ts";
import type { LogFilter } from "../filter.ts";
import { groupedCount } from "../grouped-count.ts";
import type { Statement } from "../statement.ts";
import type { Window } from "../window.ts";

/** Which values of a field are asked for. */
export interface ValuesWanted {
  readonly limit: number;
  /** They begin with this, in any case. */
  readonly prefix: string;
}

const begins = (value: string) => `startsWith(lowerUTF8(${value}), lowerUTF8({prefix:String}))`;

/** The commonest values of a field among the records that match: value and count. */
export function valuesFromRows(
  field: FieldReference,
  window: Window,
  filter: LogFilter,
  { limit, prefix }: ValuesWanted,
): Statement {
  const own = createParameters("f");
  const value = field.sql(own);
  const conditions = [`(${filter.sql})`, `notEmpty(${value})`, ...(prefix === "" ? [] : [begins(value)])];
  const counts = groupedCount({
    window,
    condition: { sql: conditions.join(" AND "), parameters: filter.parameters },
    keys: [{ sql: value, name: "Value" }],
  });
  return {
    sql: `${counts.sql}\nORDER BY Records DESC, Value\nLIMIT {limit:UInt32}`,
    parameters: { ...counts.parameters, ...own.values, limit, prefix },
  };
}

/** How many records that match have each severity number. */
export function severitiesFromRows(window: Window, filter: LogFilter): Statement {
  return groupedCount({ window, condition: filter, keys: [{ sql: "SeverityNumber", name: "Severity" }] });
}

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
 * The commonest values of an attribute from the rollup. The empty value comes first: it carries the count of the
 * values that the rollup didn't keep.
 */
export function valuesFromRollup(
  field: FieldReference,
  window: Window,
  { limit, prefix }: ValuesWanted,
): Statement {
  const hours = inHours(window);
  return {
    sql: `SELECT Value, sum(Count) AS Records
FROM log_fields
WHERE ${hours.sql} AND Kind IN {kinds:Array(String)} AND Key = {key:String}${prefix === "" ? "" : ` AND (Value = '' OR ${begins("Value")})`}
GROUP BY Value
ORDER BY Value = '' DESC, Records DESC, Value
LIMIT {limit:UInt32}`,
    parameters: { ...hours.parameters, kinds: field.places, key: field.key, prefix, limit: limit + 1 },
  };
}
