import type { SpanRequest } from "../../contract/index.ts";
import { LOG_COLUMNS } from "../log-row.ts";
import { SPAN_COLUMNS } from "../span-row.ts";
import type { Statement } from "../statement.ts";

/** Some columns of a trace's spans by time, within the time that the lookup table gives for it. */
export function spansStatement(traceId: string, limit: number, columns = SPAN_COLUMNS): Statement {
  return { sql: selectSpans(columns, "true"), parameters: { trace: traceId, limit } };
}

/** One span of a trace. Two may have the same id, as Zipkin's clients and servers share theirs: then the first that suits. */
export function spanStatement(traceId: string, spanId: string, { service, kind }: SpanRequest): Statement {
  const conditions = ["SpanId = {span:String}"];
  if (service !== undefined) conditions.push("ServiceName = {service:String}");
  if (kind !== undefined) conditions.push("SpanKind = {kind:String}");
  return {
    sql: selectSpans(SPAN_COLUMNS, conditions.join(" AND ")),
    parameters: {
      trace: traceId,
      span: spanId,
      limit: 1,
      ...(service !== undefined && { service }),
      ...(kind !== undefined && { kind }),
    },
  };
}

/** The time that traces cover, in whole seconds; to be asked of their ids. One question for both ends: each costs 5 ms. */
export const COVERED = "SELECT (min(Start), max(End)) FROM otel_traces_trace_id_ts";
export const IN_COVERED = "Timestamp >= Covered.1 AND Timestamp <= Covered.2 + 1";

function selectSpans(columns: string, condition: string): string {
  return `WITH (${COVERED} WHERE TraceId = {trace:String}) AS Covered
SELECT ${columns}
FROM otel_traces
WHERE TraceId = {trace:String} AND ${IN_COVERED} AND ${condition}
ORDER BY Timestamp, SpanId, SpanKind
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
