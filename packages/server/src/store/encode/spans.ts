import type { SpanRecord } from "../../record/record.ts";
import { ArrayColumn, Column64, StringColumn } from "./columns.ts";
import { createEncoder, type Encoder } from "./encoder.ts";
import { LowCardinalityColumn } from "./low-cardinality-column.ts";
import { MapColumn } from "./map-column.ts";
import { believable, isBelievable, ORIGINAL_TIMESTAMP, type TimeBounds } from "./timestamps.ts";

const TIME = "DateTime64(9, 'UTC')";

/** Spans to blocks of `otel_traces`. */
export function createSpanEncoder(): Encoder<SpanRecord> {
  const timestamp = new Column64("Timestamp", TIME);
  const traceId = new StringColumn("TraceId");
  const spanId = new StringColumn("SpanId");
  const parentSpanId = new StringColumn("ParentSpanId");
  const traceState = new StringColumn("TraceState");
  const spanName = new LowCardinalityColumn("SpanName");
  const spanKind = new LowCardinalityColumn("SpanKind");
  const serviceName = new LowCardinalityColumn("ServiceName");
  const resourceAttributes = new MapColumn("ResourceAttributes");
  const scopeName = new LowCardinalityColumn("ScopeName");
  const scopeVersion = new LowCardinalityColumn("ScopeVersion");
  const spanAttributes = new MapColumn("SpanAttributes");
  const duration = new Column64("Duration", "UInt64");
  const statusCode = new LowCardinalityColumn("StatusCode");
  const statusMessage = new StringColumn("StatusMessage");
  const eventTime = new Column64("Events.Timestamp", TIME);
  const eventName = new LowCardinalityColumn("Events.Name");
  const eventAttributes = new MapColumn("Events.Attributes");
  const linkTraceId = new StringColumn("Links.TraceId");
  const linkSpanId = new StringColumn("Links.SpanId");
  const linkTraceState = new StringColumn("Links.TraceState");
  const linkAttributes = new MapColumn("Links.Attributes");
  const scopeAttributes = new MapColumn("ScopeAttributes");
  const host = new LowCardinalityColumn("Host");
  const runtime = new LowCardinalityColumn("Runtime");
  const receivers = new LowCardinalityColumn("Receiver");
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
  ];

  function add(record: SpanRecord, receiver: string, bounds: TimeBounds): void {
    const { resource, scope } = record;
    spanAttributes.add(record.attributes);
    if (isBelievable(record.timestamp, bounds)) {
      timestamp.add(record.timestamp);
    } else {
      timestamp.add(bounds.now);
      if (record.timestamp !== 0n) spanAttributes.add([ORIGINAL_TIMESTAMP, String(record.timestamp)]);
    }
    spanAttributes.endRow();
    duration.add(spanDuration(record));
    traceId.string(record.traceId);
    spanId.string(record.spanId);
    parentSpanId.string(record.parentSpanId);
    traceState.string(record.traceState);
    spanName.add(record.name);
    spanKind.add(record.kind);
    statusCode.add(record.statusCode);
    statusMessage.string(record.statusMessage);
    serviceName.add(resource.serviceName);
    resourceAttributes.shared(resource.attributes);
    host.add(resource.host);
    runtime.add(resource.runtime);
    scopeName.add(scope.name);
    scopeVersion.add(scope.version);
    scopeAttributes.shared(scope.attributes);
    for (const event of record.events) {
      eventTime.add(believable(event.timestamp, bounds));
      eventName.add(event.name);
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
    receivers.add(receiver);
  }

  return createEncoder({ table: "otel_traces", columns, add });
}

const LONGEST = 0xffff_ffff_ffff_ffffn;

/** Nanoseconds; none for a span that ends before it starts (two clocks, or one that was set meanwhile). */
function spanDuration({ timestamp, endTimestamp }: SpanRecord): bigint {
  const duration = endTimestamp - timestamp;
  if (duration < 0n) return 0n;
  return duration > LONGEST ? LONGEST : duration;
}
