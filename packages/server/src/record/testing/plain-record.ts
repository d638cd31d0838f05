import type { LogRecord } from "../record.ts";

/** The same record with values of its own, to be compared with others, however it keeps them. */
export function plainRecord(record: LogRecord): LogRecord {
  const { timestamp, observedTimestamp, severityNumber, severityText, body, eventName } = record;
  const { traceId, spanId, traceFlags, resource, scope, attributes } = record;
  return {
    ...{ timestamp, observedTimestamp, severityNumber, severityText, body, eventName },
    ...{ traceId, spanId, traceFlags, resource, scope, attributes },
  };
}
