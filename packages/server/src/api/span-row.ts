import type { SpanRow } from "../contract/index.ts";

/** The columns of a span in the order in which {@link spanRowOf} takes them. */
export const SPAN_COLUMNS = [
  "TraceId",
  "SpanId",
  "ParentSpanId",
  "SpanName",
  "SpanKind",
  "ServiceName",
  "Host",
  "Runtime",
  "ScopeName",
  "Timestamp",
  "Duration",
  "StatusCode",
  "StatusMessage",
  "SpanAttributes",
  "ResourceAttributes",
  "`Events.Timestamp`",
  "`Events.Name`",
  "`Events.Attributes`",
  "`Links.TraceId`",
  "`Links.SpanId`",
  "`Links.Attributes`",
].join(", ");

type Attributes = SpanRow["attributes"];
type SpanValues = readonly [
  traceId: string,
  spanId: string,
  parentSpanId: string,
  name: string,
  kind: string,
  service: string,
  host: string,
  runtime: string,
  scope: string,
  timestamp: string,
  duration: string,
  statusCode: string,
  statusMessage: string,
  attributes: Attributes,
  resource: Attributes,
  eventTimestamps: readonly string[],
  eventNames: readonly string[],
  eventAttributes: readonly Attributes[],
  linkTraceIds: readonly string[],
  linkSpanIds: readonly string[],
  linkAttributes: readonly Attributes[],
];

/** A span as the API shows it, from the values of {@link SPAN_COLUMNS}. */
export function spanRowOf(values: readonly unknown[]): SpanRow {
  const row = values as SpanValues;
  return {
    traceId: row[0],
    spanId: row[1],
    parentSpanId: row[2],
    name: row[3],
    kind: row[4],
    service: row[5],
    host: row[6],
    runtime: row[7],
    scope: row[8],
    timestamp: row[9],
    duration: row[10],
    // Other writers of the same table may use other words.
    statusCode: row[11] === "Ok" || row[11] === "Error" ? row[11] : "Unset",
    statusMessage: row[12],
    attributes: row[13],
    resource: row[14],
    events: row[15].map((timestamp, index) => ({
      timestamp,
      name: row[16][index] ?? "",
      attributes: row[17][index] ?? {},
    })),
    links: row[18].map((traceId, index) => ({
      traceId,
      spanId: row[19][index] ?? "",
      attributes: row[20][index] ?? {},
    })),
  };
}
