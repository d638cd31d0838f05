import { ByteLogRecord } from "../../record/byte-log-record.ts";
import type { LogRecord } from "../../record/record.ts";
import { Column8, Column64, StringColumn } from "./columns.ts";
import { createEncoder, type Encoder } from "./encoder.ts";
import { FieldCountsColumn } from "./field-counts.ts";
import { LowCardinalityColumn } from "./low-cardinality-column.ts";
import { MapColumn } from "./map-column.ts";
import { believable, isBelievable, ORIGINAL_TIMESTAMP, type TimeBounds } from "./timestamps.ts";

const TIME = "DateTime64(9, 'UTC')";
/** Hex digits of an id. */
const TRACE_ID = 32;
const SPAN_ID = 16;

/** Hot path: log records to blocks of `otel_logs`. Bench: `encode`. */
export function createLogEncoder(): Encoder<LogRecord> {
  const timestamp = new Column64("Timestamp", TIME);
  const traceId = new StringColumn("TraceId");
  const spanId = new StringColumn("SpanId");
  const traceFlags = new Column8("TraceFlags");
  const severityText = new LowCardinalityColumn("SeverityText");
  const severityNumber = new Column8("SeverityNumber");
  const serviceName = new LowCardinalityColumn("ServiceName");
  const body = new StringColumn("Body");
  const resourceSchemaUrl = new LowCardinalityColumn("ResourceSchemaUrl");
  const resourceAttributes = new MapColumn("ResourceAttributes");
  const scopeSchemaUrl = new LowCardinalityColumn("ScopeSchemaUrl");
  const scopeName = new LowCardinalityColumn("ScopeName");
  const scopeVersion = new LowCardinalityColumn("ScopeVersion");
  const scopeAttributes = new MapColumn("ScopeAttributes");
  const logAttributes = new MapColumn("LogAttributes");
  const eventName = new LowCardinalityColumn("EventName");
  const observedTimestamp = new Column64("ObservedTimestamp", TIME);
  const host = new LowCardinalityColumn("Host");
  const runtime = new LowCardinalityColumn("Runtime");
  const receivers = new LowCardinalityColumn("Receiver");
  const fieldCounts = new FieldCountsColumn({
    timestamp,
    logAttributes,
    resourceAttributes,
    scopeAttributes,
  });
  const columns = [
    timestamp,
    traceId,
    spanId,
    traceFlags,
    severityText,
    severityNumber,
    serviceName,
    body,
    resourceSchemaUrl,
    resourceAttributes,
    scopeSchemaUrl,
    scopeName,
    scopeVersion,
    scopeAttributes,
    logAttributes,
    eventName,
    observedTimestamp,
    host,
    runtime,
    receivers,
    fieldCounts,
  ];

  function add(record: LogRecord, receiver: string, bounds: TimeBounds): void {
    if (record instanceof ByteLogRecord && isTimeWithin(record, bounds)) {
      addBytes(record, receiver, bounds);
      return;
    }
    const observed = believable(record.observedTimestamp, bounds);
    logAttributes.add(record.attributes);
    if (isBelievable(record.timestamp, bounds)) {
      timestamp.add(record.timestamp);
    } else {
      timestamp.add(observed);
      // Zero is OpenTelemetry's word for "unknown".
      if (record.timestamp !== 0n) logAttributes.add([ORIGINAL_TIMESTAMP, String(record.timestamp)]);
    }
    logAttributes.endRow();
    observedTimestamp.add(observed);
    traceId.string(record.traceId);
    spanId.string(record.spanId);
    body.string(record.body);
    addCommon(record, receiver);
  }

  /** The same of a record whose texts are bytes. */
  function addBytes(record: ByteLogRecord, receiver: string, bounds: TimeBounds): void {
    const { bytes, spans, at, traceIdFrom, spanIdFrom } = record;
    timestamp.addTime(record.milliseconds, record.nanoseconds);
    observedTimestamp.add(believable(record.observedTimestamp, bounds));
    logAttributes.addBytes(record);
    logAttributes.endRow();
    if (traceIdFrom < 0) traceId.varint(0);
    else traceId.utf8(bytes, traceIdFrom, traceIdFrom + TRACE_ID);
    if (spanIdFrom < 0) spanId.varint(0);
    else spanId.utf8(bytes, spanIdFrom, spanIdFrom + SPAN_ID);
    body.utf8(bytes, spans[at] as number, spans[at + 1] as number);
    addCommon(record, receiver);
  }

  function addCommon(record: LogRecord, receiver: string): void {
    const { resource, scope } = record;
    traceFlags.uint8(record.traceFlags);
    severityText.add(record.severityText);
    severityNumber.uint8(record.severityNumber);
    eventName.add(record.eventName);
    serviceName.add(resource.serviceName);
    resourceSchemaUrl.add(resource.schemaUrl);
    resourceAttributes.shared(resource.attributes);
    host.add(resource.host);
    runtime.add(resource.runtime);
    scopeSchemaUrl.add(scope.schemaUrl);
    scopeName.add(scope.name);
    scopeVersion.add(scope.version);
    scopeAttributes.shared(scope.attributes);
    receivers.add(receiver);
    fieldCounts.endRow();
  }

  return createEncoder({ table: "otel_logs", columns, add });
}

/** Whether its time surely is believable; the few at the very edge are looked at as any other record. */
function isTimeWithin({ milliseconds }: ByteLogRecord, bounds: TimeBounds): boolean {
  return milliseconds >= bounds.earliestMilliseconds && milliseconds <= bounds.latestMilliseconds;
}
