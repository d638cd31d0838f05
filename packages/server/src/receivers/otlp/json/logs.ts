import type { LogRecord } from "../../../record/record.ts";
import type { Decoded } from "../decoded.ts";
import type { Budget } from "../limits.ts";
import { LogDraft, SEVERITY_NAMES } from "../log-draft.ts";
import { addAttributes, valueAsText } from "./any-value.ts";
import { decodeRequest, droppedAttributesOf, type EnvelopeNames } from "./envelope.ts";
import { enumOf, hexOf, integerOf, type JsonObject, objectOf, textOf, unsignedOf } from "./values.ts";

const NAMES: EnvelopeNames = {
  resources: ["resourceLogs", "resource_logs"],
  scopes: ["scopeLogs", "scope_logs"],
  records: ["logRecords", "log_records"],
};

/** The names of the enum `SeverityNumber`, by number. */
const SEVERITY_ENUM = ["UNSPECIFIED", ...SEVERITY_NAMES];

/** Decodes an `ExportLogsServiceRequest` in JSON; the same records as from protobuf. */
export function decodeJsonLogs(bytes: Buffer, now: bigint): Decoded<LogRecord> {
  return decodeRequest(bytes, NAMES, new LogDraft(now), fill);
}

function fill(record: JsonObject, draft: LogDraft, budget: Budget): void {
  draft.time = integerOf(record.timeUnixNano ?? record.time_unix_nano, "timeUnixNano");
  draft.observedTime = integerOf(
    record.observedTimeUnixNano ?? record.observed_time_unix_nano,
    "observedTimeUnixNano",
  );
  const severity = record.severityNumber ?? record.severity_number;
  draft.severityNumber = enumOf(severity, "SEVERITY_NUMBER_", SEVERITY_ENUM, "severityNumber");
  draft.severityText = textOf(record.severityText ?? record.severity_text, "severityText");
  draft.body = valueAsText(objectOf(record.body, "body"), budget);
  draft.eventName = textOf(record.eventName ?? record.event_name, "eventName");
  draft.traceId = hexOf(record.traceId ?? record.trace_id, "traceId");
  draft.spanId = hexOf(record.spanId ?? record.span_id, "spanId");
  draft.flags = unsignedOf(record.flags, "flags");
  draft.droppedAttributes = droppedAttributesOf(record);
  addAttributes(record.attributes, draft.attributes, budget);
}
