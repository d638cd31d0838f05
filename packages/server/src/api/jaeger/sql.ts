import type { QueryLimits } from "../../config/server-config.ts";
import { quoteValue } from "../../query/index.ts";
import { type CountedRecords, countQuestion } from "../count-question.ts";
import { EVERYTHING, readFilter } from "../filter.ts";
import type { Question } from "../question.ts";
import { WHOLE_RECORDS } from "../record-settings.ts";
import { SPAN_COLUMNS } from "../span-row.ts";
import { COVERED, IN_COVERED } from "../trace/sql.ts";
import type { Window } from "../window.ts";

/** Spans of one trace, and of all, in the answer to a search. A trace that is asked for by itself comes whole. */
const MOST_SPANS_OF_ONE = 2_000;
const MOST_SPANS = 20_000;
const MOST_NAMES = 5_000;

/** The spans of some traces, in the order of the traces and then of time. */
export function spansQuestion(traceIds: readonly string[]): Question {
  return {
    sql: `WITH (${COVERED} WHERE TraceId IN {ids:Array(String)}) AS Covered
SELECT ${SPAN_COLUMNS}
FROM otel_traces
WHERE TraceId IN {ids:Array(String)} AND ${IN_COVERED}
ORDER BY indexOf({ids:Array(String)}, TraceId), Timestamp, SpanId
LIMIT ${MOST_SPANS_OF_ONE} BY TraceId
LIMIT ${MOST_SPANS}`,
    parameters: { ids: traceIds },
    atLimit: "fail",
    settings: WHOLE_RECORDS,
  };
}

/** The names of the services that sent spans. */
export function servicesQuestion(window: Window, limits: QueryLimits): Question {
  return namesQuestion(window, EVERYTHING.traces, [{ sql: "ServiceName", name: "Service" }], limits);
}

/** What a service did: names of its spans, with their kinds. */
export function operationsQuestion(window: Window, service: string, limits: QueryLimits): Question {
  const keys = [
    { sql: "SpanName", name: "Operation" },
    { sql: "lower(SpanKind)", name: "Kind" },
  ];
  return namesQuestion(window, readFilter(`service:${quoteValue(service)}`, "traces"), keys, limits);
}

function namesQuestion(
  window: Window,
  condition: CountedRecords["condition"],
  keys: CountedRecords["keys"],
  limits: QueryLimits,
): Question {
  const order = keys.map(({ name }) => name).join(", ");
  return countQuestion({ window, condition, keys, suffix: `ORDER BY ${order}\nLIMIT ${MOST_NAMES}` }, limits);
}
