import type { QueryLimits } from "../../config/server-config.ts";
import { readingTime } from "../ask.ts";
import type { RecordFilter } from "../filter.ts";
import type { Question } from "../question.ts";
import { IN_ORDER } from "../record-settings.ts";
import { slowConditionSettings } from "../slow-condition.ts";
import { COVERED, IN_COVERED } from "../trace/sql.ts";
import { inWindow, type Window } from "../window.ts";

type Order = "newest" | "longest";

/** What is told of the span for which a trace is found, in the order in which {@link matchesQuestion} answers it. */
const MATCH_COLUMNS = "TraceId, SpanId, ServiceName, SpanName, Duration";

/** Longest spans that are looked at for each trace that is asked for: the spans below a long one are long as well. */
const SPANS_A_TRACE = 20;

/**
 * A span of each trace that has one which matches, at most `limit`: the newest or the longest. When time runs out, what
 * was found by then is the answer.
 *
 * The newest are read in the order of the primary key, up to the limit. For the longest, the engine keeps only so many
 * as it reads, and looks for their traces then: grouping a million spans by trace takes 0.4 s.
 */
export function matchesQuestion(
  window: Window,
  filter: RecordFilter,
  { order, limit }: { readonly order: Order; readonly limit: number },
  limits: QueryLimits,
): Question {
  const time = inWindow(window);
  const timeout = readingTime(limits);
  const sorting = order === "newest" ? "Timestamp DESC, Id DESC" : "Duration DESC, Timestamp DESC";
  const most = order === "newest" ? "LIMIT 1 BY TraceId" : "";
  return {
    sql: `SELECT ${MATCH_COLUMNS}
FROM (
SELECT ${MATCH_COLUMNS}, Timestamp, Id
FROM otel_traces
WHERE ${time.sql} AND TraceId != '' AND (${filter.sql})
ORDER BY ${sorting}
${most}
LIMIT {spans:UInt32}
SETTINGS max_execution_time = ${timeout / 1000}, timeout_overflow_mode = 'break'
)
ORDER BY ${sorting}
LIMIT 1 BY TraceId
LIMIT {limit:UInt32}`,
    parameters: {
      ...filter.parameters,
      ...time.parameters,
      limit,
      spans: order === "newest" ? limit : limit * SPANS_A_TRACE,
    },
    atLimit: "answer",
    timeout,
    settings: { ...(order === "newest" ? IN_ORDER : {}), ...slowConditionSettings(filter) },
  };
}

/** What a trace consists of, by service: begin and end, spans, failures, and the name of the one that comes first. */
export function summariesQuestion(traceIds: readonly string[]): Question {
  return {
    sql: `WITH (${COVERED} WHERE TraceId IN {ids:Array(String)}) AS Covered
SELECT
  TraceId,
  ServiceName,
  toString(min(toUnixTimestamp64Nano(Timestamp))),
  toString(max(toUnixTimestamp64Nano(Timestamp) + Duration)),
  count(),
  countIf(StatusCode = 'Error'),
  min((ParentSpanId != '', toUnixTimestamp64Nano(Timestamp), SpanName)) AS First
FROM otel_traces
WHERE TraceId IN {ids:Array(String)} AND ${IN_COVERED}
GROUP BY TraceId, ServiceName
LIMIT ${MOST_SUMMARIES}`,
    parameters: { ids: traceIds },
    atLimit: "fail",
  };
}

/** Services of all traces of an answer together; far more than there are. */
const MOST_SUMMARIES = 100_000;
