import type { QueryLimits } from "../../config/server-config.ts";
import { BANDS_A_DOUBLING } from "../../contract/index.ts";
import { readingTime } from "../ask.ts";
import type { RecordFilter } from "../filter.ts";
import type { Question } from "../question.ts";
import { slowConditionSettings } from "../slow-condition.ts";
import { inWindow, type Window } from "../window.ts";

/** Columns times bands: more than this are never drawn. */
const MOST_CELLS = 30_000;

/** Spans by steps of time and bands of duration, with the longest of each. */
export function cellsQuestion(
  window: Window,
  filter: RecordFilter,
  interval: number,
  limits: QueryLimits,
): Question {
  return partly(
    (where) => `SELECT
  intDiv(toUnixTimestamp64Milli(Timestamp), {interval:UInt64}) AS Step,
  toUInt16(floor(log2(greatest(Duration, 1)) * ${BANDS_A_DOUBLING})) AS Band,
  count() AS Spans,
  countIf(StatusCode = 'Error') AS Errors,
  argMax((TraceId, SpanId, Duration, toUnixTimestamp64Milli(Timestamp)), Duration) AS Longest
FROM otel_traces
WHERE ${where}
GROUP BY Step, Band
LIMIT ${MOST_CELLS}`,
    { window, filter, limits, parameters: { interval } },
  );
}

/** How many there are in all, and how long they take. */
export function quantilesQuestion(window: Window, filter: RecordFilter, limits: QueryLimits): Question {
  return partly(
    (where) => `SELECT count(), countIf(StatusCode = 'Error'), quantilesTDigest(0.5, 0.9, 0.99)(Duration)
FROM otel_traces
WHERE ${where}`,
    { window, filter, limits, parameters: {} },
  );
}

interface Asked {
  readonly window: Window;
  readonly filter: RecordFilter;
  readonly limits: QueryLimits;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A question that answers with what was read when its time is over. */
function partly(select: (where: string) => string, { window, filter, limits, parameters }: Asked): Question {
  const time = inWindow(window);
  const timeout = readingTime(limits);
  return {
    sql: `SELECT * FROM (
${select(`${time.sql} AND (${filter.sql})`)}
SETTINGS max_execution_time = ${timeout / 1000}, timeout_overflow_mode = 'break'
)`,
    parameters: { ...filter.parameters, ...time.parameters, ...parameters },
    atLimit: "answer",
    timeout,
    settings: slowConditionSettings(filter),
  };
}
