import type { QueryLimits } from "../../config/server-config.ts";
import { createParameters, type FieldReference } from "../../query/index.ts";
import type { Question } from "../ask.ts";
import { countQuestion } from "../count-question.ts";
import type { LogFilter } from "../filter.ts";
import type { Statement } from "../statement.ts";
import type { Window } from "../window.ts";

/** Which values of a field are asked for. */
export interface ValuesWanted {
  readonly limit: number;
  /** They begin with this, in any case. */
  readonly prefix: string;
}

/** Distinct values that are counted; bounds the memory of a question about a field that is an id. */
export const COUNTED_VALUES = 200_000;
const GROUPS = {
  max_rows_to_group_by: String(COUNTED_VALUES),
  // Values that come after the bound are not counted; those before it are, to the end.
  group_by_overflow_mode: "any",
} as const;

/** Milliseconds after which values are answered as far as they are counted: they are shown beside the rows. */
const TIMEOUT = 10_000;

const begins = (value: string) => `startsWith(lowerUTF8(${value}), lowerUTF8({prefix:String}))`;

/** The commonest values of a field among the records that match: value and count. */
export function valuesFromRows(
  field: FieldReference,
  window: Window,
  filter: LogFilter,
  { limit, prefix }: ValuesWanted,
  limits: QueryLimits,
): Question {
  const own = createParameters("f");
  const value = field.sql(own);
  const conditions = [`(${filter.sql})`, `notEmpty(${value})`, ...(prefix === "" ? [] : [begins(value)])];
  const question = countQuestion(
    {
      window,
      condition: { sql: conditions.join(" AND "), parameters: filter.parameters },
      keys: [{ sql: value, name: "Value" }],
      suffix: "ORDER BY Records DESC, Value\nLIMIT {limit:UInt32}",
      timeout: TIMEOUT,
    },
    limits,
  );
  return {
    ...question,
    parameters: { ...question.parameters, ...own.values, limit, prefix },
    settings: { ...question.settings, ...GROUPS },
  };
}

/** How many records that match have each severity number. */
export function severitiesFromRows(window: Window, filter: LogFilter, limits: QueryLimits): Question {
  const keys = [{ sql: "SeverityNumber", name: "Severity" }];
  return countQuestion({ window, condition: filter, keys, timeout: TIMEOUT }, limits);
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
