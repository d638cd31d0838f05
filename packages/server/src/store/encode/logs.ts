import type { LogRecord } from "../../record/record.ts";
import { MapColumn, nativeBlock, PlainColumn } from "./columns.ts";
import type { EncodeContext, Encoder } from "./encoder.ts";
import { createSharedAttributes } from "./shared.ts";
import { believable, isBelievable, ORIGINAL_TIMESTAMP, type TimeBounds, timeBounds } from "./timestamps.ts";

const MAP = "Map(String, String)";
const TIME = "DateTime64(9, 'UTC')";

/** Hot path: log records to blocks of `otel_logs`. Bench: `encode`. */
export function createLogEncoder(): Encoder<LogRecord> {
  const timestamp = new PlainColumn("Timestamp", TIME);
  const traceId = new PlainColumn("TraceId", "String");
  const spanId = new PlainColumn("SpanId", "String");
  const traceFlags = new PlainColumn("TraceFlags", "UInt8");
  const severityText = new PlainColumn("SeverityText", "String");
  const severityNumber = new PlainColumn("SeverityNumber", "UInt8");
  const serviceName = new PlainColumn("ServiceName", "String");
  const body = new PlainColumn("Body", "String");
  const resourceSchemaUrl = new PlainColumn("ResourceSchemaUrl", "String");
  const resourceAttributes = new MapColumn("ResourceAttributes", MAP);
  const scopeSchemaUrl = new PlainColumn("ScopeSchemaUrl", "String");
  const scopeName = new PlainColumn("ScopeName", "String");
  const scopeVersion = new PlainColumn("ScopeVersion", "String");
  const scopeAttributes = new MapColumn("ScopeAttributes", MAP);
  const logAttributes = new MapColumn("LogAttributes", MAP);
  const eventName = new PlainColumn("EventName", "String");
  const observedTimestamp = new PlainColumn("ObservedTimestamp", TIME);
  const host = new PlainColumn("Host", "String");
  const runtime = new PlainColumn("Runtime", "String");
  const receivers = new PlainColumn("Receiver", "String");
  const ids = new PlainColumn("Id", "UInt64");
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

  function row(record: LogRecord, receiver: string): void {
    const { resource, scope } = record;
    const observed = believable(record.observedTimestamp, bounds);
    logAttributes.add(record.attributes);
    if (isBelievable(record.timestamp, bounds)) {
      timestamp.int64(record.timestamp);
    } else {
      timestamp.int64(observed);
      // Zero is OpenTelemetry's word for "unknown".
      if (record.timestamp !== 0n) logAttributes.add([ORIGINAL_TIMESTAMP, String(record.timestamp)]);
    }
    logAttributes.endRow();
    observedTimestamp.int64(observed);
    traceId.string(record.traceId);
    spanId.string(record.spanId);
    traceFlags.uint8(record.traceFlags);
    severityText.string(record.severityText);
    severityNumber.uint8(record.severityNumber);
    body.string(record.body);
    eventName.string(record.eventName);
    serviceName.string(resource.serviceName);
    resourceSchemaUrl.string(resource.schemaUrl);
    resourceAttributes.encoded(shared(resource));
    host.string(resource.host);
    runtime.string(resource.runtime);
    scopeSchemaUrl.string(scope.schemaUrl);
    scopeName.string(scope.name);
    scopeVersion.string(scope.version);
    scopeAttributes.encoded(shared(scope));
    receivers.string(receiver);
    ids.uint64(id++);
    rows++;
  }

  return {
    table: "otel_logs",
    columns: columns.map(({ name }) => name),
    begin,
    row,
    end: () => nativeBlock(columns, rows),
  };
}
