import type { LogRow } from "../contract/index.ts";
import { levelOfSeverity } from "../record/severity.ts";

/** The columns of a log record in the order in which {@link logRowOf} takes them. */
export const LOG_COLUMNS = [
  "Id",
  "Timestamp",
  "ObservedTimestamp",
  "SeverityNumber",
  "SeverityText",
  "ServiceName",
  "ScopeName",
  "Host",
  "Runtime",
  "Body",
  "EventName",
  "TraceId",
  "SpanId",
  "Receiver",
  "LogAttributes",
  "ResourceAttributes",
  "ScopeAttributes",
].join(", ");

type LogValues = readonly [
  id: string,
  timestamp: string,
  observedTimestamp: string,
  severityNumber: number,
  severityText: string,
  service: string,
  logger: string,
  host: string,
  runtime: string,
  body: string,
  eventName: string,
  traceId: string,
  spanId: string,
  receiver: string,
  attributes: LogRow["attributes"],
  resource: LogRow["attributes"],
  scope: LogRow["attributes"],
];

/** A record as the API shows it, from the values of {@link LOG_COLUMNS}. */
export function logRowOf(values: readonly unknown[]): LogRow {
  const row = values as LogValues;
  return {
    id: row[0],
    timestamp: row[1],
    observedTimestamp: row[2],
    level: levelOfSeverity(row[3]),
    severityNumber: row[3],
    severityText: row[4],
    service: row[5],
    logger: row[6],
    host: row[7],
    runtime: row[8],
    body: row[9],
    eventName: row[10],
    traceId: row[11],
    spanId: row[12],
    receiver: row[13],
    attributes: row[14],
    resource: row[15],
    scope: row[16],
  };
}
