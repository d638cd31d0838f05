import type { SpanRecord } from "../../record/record.ts";
import { ArrayColumn, MapColumn, nativeBlock, PlainColumn } from "./columns.ts";
import type { EncodeContext, Encoder } from "./encoder.ts";
import { createSharedAttributes } from "./shared.ts";
import { believable, isBelievable, ORIGINAL_TIMESTAMP, type TimeBounds, timeBounds } from "./timestamps.ts";

const MAP = "Map(String, String)";
const TIME = "DateTime64(9, 'UTC')";

/** Spans to blocks of `otel_traces`. */
export function createSpanEncoder(): Encoder<SpanRecord> {
  const timestamp = new PlainColumn("Timestamp", TIME);
  const traceId = new PlainColumn("TraceId", "String");
  const spanId = new PlainColumn("SpanId", "String");
  const parentSpanId = new PlainColumn("ParentSpanId", "String");
  const traceState = new PlainColumn("TraceState", "String");
  const spanName = new PlainColumn("SpanName", "String");
  const spanKind = new PlainColumn("SpanKind", "String");
  const serviceName = new PlainColumn("ServiceName", "String");
  const resourceAttributes = new MapColumn("ResourceAttributes", MAP);
  const scopeName = new PlainColumn("ScopeName", "String");
  const scopeVersion = new PlainColumn("ScopeVersion", "String");
  const spanAttributes = new MapColumn("SpanAttributes", MAP);
  const duration = new PlainColumn("Duration", "UInt64");
  const statusCode = new PlainColumn("StatusCode", "String");
  const statusMessage = new PlainColumn("StatusMessage", "String");
  const eventTime = new PlainColumn("Events.Timestamp", TIME);
  const eventName = new PlainColumn("Events.Name", "String");
  const eventAttributes = new MapColumn("Events.Attributes", MAP);
  const linkTraceId = new PlainColumn("Links.TraceId", "String");
  const linkSpanId = new PlainColumn("Links.SpanId", "String");
  const linkTraceState = new PlainColumn("Links.TraceState", "String");
  const linkAttributes = new MapColumn("Links.Attributes", MAP);
  const scopeAttributes = new MapColumn("ScopeAttributes", MAP);
  const host = new PlainColumn("Host", "String");
  const runtime = new PlainColumn("Runtime", "String");
  const receivers = new PlainColumn("Receiver", "String");
  const ids = new PlainColumn("Id", "UInt64");
  const events = [eventTime, eventName, eventAttributes].map((inner) => new ArrayColumn(inner));
  const links = [linkTraceId, linkSpanId, linkTraceState, linkAttributes].map(
    (inner) => new ArrayColumn(inner),
  );
  const columns = [
    timestamp,
    traceId,
    spanId,
    parentSpanId,
    traceState,
    spanName,
    spanKind,
    serviceName,
    resourceAttributes,
    scopeName,
    scopeVersion,
    spanAttributes,
    duration,
    statusCode,
    statusMessage,
    ...events,
    ...links,
    scopeAttributes,
    host,
    runtime,
    receivers,
    ids,
  ];
  const shared = createSharedAttributes();
  let bounds: TimeBounds = timeBounds(0);
  let id = 0n;
  let rows = 0;

  function begin(context: EncodeContext): void {
    for (const column of columns) column.reset();
    bounds = timeBounds(context.now);
    id = context.firstId;
    rows = 0;
  }

  function row(record: SpanRecord, receiver: string): void {
    const { resource, scope } = record;
    spanAttributes.add(record.attributes);
    if (isBelievable(record.timestamp, bounds)) {
      timestamp.int64(record.timestamp);
    } else {
      timestamp.int64(bounds.now);
      if (record.timestamp !== 0n) spanAttributes.add([ORIGINAL_TIMESTAMP, String(record.timestamp)]);
    }
    spanAttributes.endRow();
    duration.uint64(spanDuration(record));
    traceId.string(record.traceId);
    spanId.string(record.spanId);
    parentSpanId.string(record.parentSpanId);
    traceState.string(record.traceState);
    spanName.string(record.name);
    spanKind.string(record.kind);
    statusCode.string(record.statusCode);
    statusMessage.string(record.statusMessage);
    serviceName.string(resource.serviceName);
    resourceAttributes.encoded(shared(resource));
    host.string(resource.host);
    runtime.string(resource.runtime);
    scopeName.string(scope.name);
    scopeVersion.string(scope.version);
    scopeAttributes.encoded(shared(scope));
    for (const event of record.events) {
      eventTime.int64(believable(event.timestamp, bounds));
      eventName.string(event.name);
      eventAttributes.row(event.attributes);
    }
    for (const column of events) column.endRow(record.events.length);
    for (const link of record.links) {
      linkTraceId.string(link.traceId);
      linkSpanId.string(link.spanId);
      linkTraceState.string(link.traceState);
      linkAttributes.row(link.attributes);
    }
    for (const column of links) column.endRow(record.links.length);
    receivers.string(receiver);
    ids.uint64(id++);
    rows++;
  }

  return {
    table: "otel_traces",
    columns: columns.map(({ name }) => name),
    begin,
    row,
    end: () => nativeBlock(columns, rows),
  };
}

const LONGEST = 0xffff_ffff_ffff_ffffn;

/** Nanoseconds; none for a span that ends before it starts (two clocks, or one that was set meanwhile). */
function spanDuration({ timestamp, endTimestamp }: SpanRecord): bigint {
  const duration = endTimestamp - timestamp;
  if (duration < 0n) return 0n;
  return duration > LONGEST ? LONGEST : duration;
}
