import type { QueryLimits } from "../../config/server-config.ts";
import { readingTime } from "../ask.ts";
import type { Question } from "../question.ts";
import type { Statement } from "../statement.ts";
import { inWindow, type Window } from "../window.ts";

/** Spans that are joined with their parents: some 0.3 s of work. */
const SPANS_JOINED = 250_000;
/** More services and calls than a picture can show. */
const MOST_EDGES = 2_000;

/** One of how many traces is looked at, so that there are few enough spans. */
export function everyNthTrace(spans: number): number {
  return Math.max(1, Math.ceil(spans / SPANS_JOINED));
}

/** Whole traces of the window, evenly chosen: a call is seen only when both of its spans are. */
function sampled(window: Window, nth: number): Statement {
  const time = inWindow(window);
  const isChosen = nth === 1 ? "true" : "cityHash64(TraceId) % {nth:UInt32} = 0";
  return { sql: `${time.sql} AND TraceId != '' AND ${isChosen}`, parameters: { ...time.parameters, nth } };
}

/**
 * Calls from one service to another, by both and by the called one alone (`IsNode`): spans whose parent is another
 * service's. A span without a parent in the window was called from outside, by the empty name.
 */
export function callsQuestion(window: Window, nth: number, limits: QueryLimits): Question {
  const { sql, parameters } = sampled(window, nth);
  return {
    sql: `SELECT
  toUInt8(grouping(Caller)) AS IsNode,
  Caller,
  Callee,
  count() AS Calls,
  countIf(Failed),
  quantilesTDigest(0.5, 0.95)(Duration)
FROM (
  SELECT parent.ServiceName AS Caller, child.ServiceName AS Callee, child.Failed AS Failed, child.Duration AS Duration
  FROM (
    SELECT cityHash64(TraceId, ParentSpanId) AS Above, ServiceName, Duration, StatusCode = 'Error' AS Failed
    FROM otel_traces
    WHERE ${sql}
  ) AS child
  ANY LEFT JOIN (
    SELECT cityHash64(TraceId, SpanId) AS Own, ServiceName
    FROM otel_traces
    WHERE ${sql}
  ) AS parent ON child.Above = parent.Own
  WHERE Caller != Callee
)
GROUP BY GROUPING SETS ((Caller, Callee), (Callee))
ORDER BY IsNode DESC, Calls DESC, Caller, Callee
LIMIT ${MOST_EDGES}`,
    parameters,
    atLimit: "fail",
    timeout: readingTime(limits),
  };
}

/** The value of the first of some attributes that a span has. */
function attribute(...keys: readonly string[]): string {
  return `coalesce(${keys.map((key) => `nullIf(SpanAttributes['${key}'], '')`).join(", ")}, '')`;
}

/**
 * What services talked to that sends no spans of its own, as their attributes tell: databases and queues.
 * Source: OpenTelemetry's semantic conventions of both, today's names and the ones before.
 */
export function peersQuestion(window: Window, nth: number, limits: QueryLimits): Question {
  const { sql, parameters } = sampled(window, nth);
  return {
    sql: `SELECT
  ServiceName,
  SpanKind = 'Consumer' AS IsConsumer,
  if(Database != '', 'database', 'queue') AS Kind,
  if(Database != '', Database, Queue) AS System,
  Address,
  count() AS Calls,
  countIf(StatusCode = 'Error'),
  quantilesTDigest(0.5, 0.95)(Duration)
FROM (
  SELECT
    ServiceName,
    SpanKind,
    StatusCode,
    Duration,
    ${attribute("db.system.name", "db.system")} AS Database,
    ${attribute("messaging.system")} AS Queue,
    ${attribute("server.address", "net.peer.name", "messaging.destination.name")} AS Address
  FROM otel_traces
  WHERE ${sql} AND SpanKind IN ('Client', 'Producer', 'Consumer') AND (Database != '' OR Queue != '')
)
GROUP BY ServiceName, IsConsumer, Kind, System, Address
ORDER BY Calls DESC, ServiceName, System, Address
LIMIT ${MOST_EDGES}`,
    parameters,
    atLimit: "fail",
    timeout: readingTime(limits),
  };
}
