import { LOG_COLUMNS } from "../log-row.ts";
import { SPAN_COLUMNS } from "../span-row.ts";
import type { Statement } from "../statement.ts";

/** The spans of a trace, within the time that the lookup table gives for it. */
export function spansStatement(traceId: string, limit: number): Statement {
  return {
    sql: `WITH
  (SELECT min(Start) FROM otel_traces_trace_id_ts WHERE TraceId = {trace:String}) AS TraceStart,
  (SELECT max(End) FROM otel_traces_trace_id_ts WHERE TraceId = {trace:String}) AS TraceEnd
SELECT ${SPAN_COLUMNS}
FROM otel_traces
WHERE TraceId = {trace:String} AND Timestamp >= TraceStart AND Timestamp <= TraceEnd + 1
ORDER BY Timestamp, SpanId
LIMIT {limit:UInt32}`,
    parameters: { trace: traceId, limit },
  };
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
