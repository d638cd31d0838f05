import { createParameters, type FieldReference } from "../../query/index.ts";
import { readingTime } from "../ask.ts";
import { totalQuestion } from "../count/question.ts";
import { EVERYTHING, type RecordFilter, TABLES } from "../filter.ts";
import type { ApiContext } from "../routes.ts";
import type { Statement } from "../statement.ts";
import { addStatistics } from "../statistics.ts";
import type { Window } from "../window.ts";
import { costOf, type FieldValues, GROUP_SETTINGS, VALUES_TIMEOUT, type ValuesWanted } from "./values.ts";

/** Records whose attributes are read for a sample: some 40 ms, against a second for 5 million. */
const ROWS_READ = 200_000;
/** Records that match are in a sample, if there are as many: counts of a tenth of them are then good to 5 %. */
const ROWS_MATCHED = 5_000;
/** Pieces of the window, evenly spread, that a sample is made of. */
const SLICES = 16;

/**
 * The commonest values of a field that is slow to read (an attribute or a long text), in an even sample over time
 * when there are too many records to look at, scaled to all that match. Undefined when there are few enough.
 */
export async function sampledValues(
  { ask, limits }: Pick<ApiContext, "ask" | "limits">,
  field: FieldReference,
  window: Window,
  filter: RecordFilter,
  { limit }: ValuesWanted,
  signal: AbortSignal,
): Promise<FieldValues | undefined> {
  const begin = performance.now();
  const [all, matching] = await Promise.all(
    [EVERYTHING[filter.target], filter].map((condition) =>
      ask(totalQuestion(window, condition, limits, VALUES_TIMEOUT), signal),
    ),
  );
  const rows = Number(all?.rows[0]?.[0] ?? 0);
  const matches = Number(matching?.rows[0]?.[0] ?? 0);
  const share = Math.max(ROWS_READ / rows, ROWS_MATCHED / matches);
  // Less than twice the work is better done exactly. (Of no records, the share is infinite.)
  if (all === undefined || matching === undefined || matching.isPartial || share > 0.5) return undefined;

  const own = createParameters("f");
  const slices = slicesOf(window, share);
  const timeout = readingTime(limits, VALUES_TIMEOUT);
  const sql = `SELECT Value, Records, sum(Records) OVER () AS Sampled
FROM (
SELECT ${field.sql(own)} AS Value, count() AS Records
FROM ${TABLES[filter.target]}
WHERE (${slices.sql}) AND (${filter.sql})
GROUP BY Value
SETTINGS max_execution_time = ${timeout / 1000}, timeout_overflow_mode = 'break'
)
ORDER BY Value = '', Records DESC, Value
LIMIT {limit:UInt32}`;
  const parameters = { ...filter.parameters, ...own.values, ...slices.parameters, limit };
  const answer = await ask({ sql, parameters, atLimit: "answer", timeout, settings: GROUP_SETTINGS }, signal);
  const values = (answer.rows as readonly (readonly [string, string, string])[])
    .filter(([value]) => value !== "")
    .map(([value, count, sampled]) => ({
      value,
      count: Math.round((Number(count) / Number(sampled)) * matches),
    }));
  const statistics = addStatistics(
    [all, matching, answer].map((part) => part.statistics),
    begin,
  );
  return { values, approximate: true, ...costOf(answer), statistics };
}

/** The condition that a record lies in one of the slices, which together are a share of the window. */
function slicesOf({ from, to }: Window, share: number): Statement {
  const step = (to - from) / SLICES;
  const conditions: string[] = [];
  const parameters: Record<string, string> = {};
  for (let slice = 0; slice < SLICES; slice++) {
    const start = from + slice * step;
    parameters[`s${slice}`] = nanoseconds(start);
    parameters[`e${slice}`] = nanoseconds(start + step * share);
    conditions.push(
      `Timestamp >= fromUnixTimestamp64Nano({s${slice}:Int64}) AND Timestamp < fromUnixTimestamp64Nano({e${slice}:Int64})`,
    );
  }
  return { sql: conditions.map((condition) => `(${condition})`).join(" OR "), parameters };
}

function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds)) * 1_000_000n);
}
