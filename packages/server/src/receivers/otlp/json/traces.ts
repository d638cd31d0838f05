import type { SpanRecord } from "../../../record/record.ts";
import { AttributeList } from "../attribute-list.ts";
import type { Decoded } from "../decoded.ts";
import type { Budget } from "../limits.ts";
import { SpanDraft } from "../span-draft.ts";
import { addAttributes } from "./any-value.ts";
import { decodeRequest, droppedAttributesOf, type EnvelopeNames } from "./envelope.ts";
import { enumOf, hexOf, integerOf, type JsonObject, listOf, objectOf, textOf, unsignedOf } from "./values.ts";

const NAMES: EnvelopeNames = {
  resources: ["resourceSpans", "resource_spans"],
  scopes: ["scopeSpans", "scope_spans"],
  records: ["spans", "spans"],
};

/** The names of the enums `SpanKind` and `StatusCode`, by number. */
const KIND_ENUM = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const STATUS_ENUM = ["UNSET", "OK", "ERROR"];

/** Decodes an `ExportTraceServiceRequest` in JSON; the same spans as from protobuf. */
export function decodeJsonTraces(bytes: Buffer, now: bigint): Decoded<SpanRecord> {
  return decodeRequest(bytes, NAMES, new SpanDraft(now), fill);
}

function fill(span: JsonObject, draft: SpanDraft, budget: Budget): void {
  draft.traceId = hexOf(span.traceId ?? span.trace_id, "traceId");
  draft.spanId = hexOf(span.spanId ?? span.span_id, "spanId");
  draft.parentSpanId = hexOf(span.parentSpanId ?? span.parent_span_id, "parentSpanId");
  draft.traceState = textOf(span.traceState ?? span.trace_state, "traceState");
  draft.name = textOf(span.name, "name");
  draft.kind = enumOf(span.kind, "SPAN_KIND_", KIND_ENUM, "kind");
  draft.start = integerOf(span.startTimeUnixNano ?? span.start_time_unix_nano, "startTimeUnixNano");
  draft.end = integerOf(span.endTimeUnixNano ?? span.end_time_unix_nano, "endTimeUnixNano");
  draft.droppedAttributes = droppedAttributesOf(span);
  draft.droppedEvents = unsignedOf(
    span.droppedEventsCount ?? span.dropped_events_count,
    "droppedEventsCount",
  );
  draft.droppedLinks = unsignedOf(span.droppedLinksCount ?? span.dropped_links_count, "droppedLinksCount");
  addAttributes(span.attributes, draft.attributes, budget);
  for (const event of listOf(span.events, "events")) addEvent(draft, objectOf(event, "events"), budget);
  for (const link of listOf(span.links, "links")) addLink(draft, objectOf(link, "links"), budget);
  const status = objectOf(span.status, "status");
  draft.statusCode = enumOf(status.code, "STATUS_CODE_", STATUS_ENUM, "status.code");
  draft.statusMessage = textOf(status.message, "status.message");
}

function addEvent(draft: SpanDraft, event: JsonObject, budget: Budget): void {
  budget.spendItem();
  const attributes = new AttributeList();
  addAttributes(event.attributes, attributes, budget);
  const time = integerOf(event.timeUnixNano ?? event.time_unix_nano, "events.timeUnixNano");
  draft.addEvent(time, textOf(event.name, "events.name"), attributes, droppedAttributesOf(event));
}

function addLink(draft: SpanDraft, link: JsonObject, budget: Budget): void {
  budget.spendItem();
  const attributes = new AttributeList();
  addAttributes(link.attributes, attributes, budget);
  draft.addLink(
    hexOf(link.traceId ?? link.trace_id, "links.traceId"),
    hexOf(link.spanId ?? link.span_id, "links.spanId"),
    textOf(link.traceState ?? link.trace_state, "links.traceState"),
    attributes,
    droppedAttributesOf(link),
  );
}
