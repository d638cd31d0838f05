import { LOG_COLUMNS } from "../log-row.ts";
import { SPAN_COLUMNS } from "../span-row.ts";
import type { Statement } from "../statement.ts";

/** Some columns of a trace's spans by time, within the time that the lookup table gives for it. */
export function spansStatement(traceId: string, limit: number, columns = SPAN_COLUMNS): Statement {
  return { sql: selectSpans(columns, "true"), parameters: { trace: traceId, limit } };
}

/** One span of a trace. Two may have the same id, as Zipkin's clients and servers share theirs. */
export function spanStatement(traceId: string, spanId: string): Statement {
  return {
    sql: selectSpans(SPAN_COLUMNS, "SpanId = {span:String}"),
    parameters: { trace: traceId, span: spanId, limit: 1 },
  };
}

function selectSpans(columns: string, condition: string): string {
  return `WITH
  (SELECT min(Start) FROM otel_traces_trace_id_ts WHERE TraceId = {trace:String}) AS TraceStart,
  (SELECT max(End) FROM otel_traces_trace_id_ts WHERE TraceId = {trace:String}) AS TraceEnd
SELECT ${columns}
FROM otel_traces
WHERE TraceId = {trace:String} AND Timestamp >= TraceStart AND Timestamp <= TraceEnd + 1 AND ${condition}
ORDER BY Timestamp, SpanId
LIMIT {limit:UInt32}`;
}

/** The logs that carry a trace's id, wherever in time: a log may come without its spans. */
export function traceLogsStatement(traceId: string, limit: number): Statement {
  return {
    sql: `SELECT ${LOG_COLUMNS}
FROM otel_logs
WHERE TraceId = {trace:String}
ORDER BY Timestamp, Id
LIMIT {limit:UInt32}`,
    parameters: { trace: traceId, limit },
  };
}
