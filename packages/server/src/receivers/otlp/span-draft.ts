import { PolylogError } from "../../errors.ts";
import {
  type Resource,
  type Scope,
  SPAN_KINDS,
  type SpanEvent,
  type SpanLink,
  type SpanRecord,
  STATUS_CODES,
} from "../../record/record.ts";
import { AttributeList } from "./attribute-list.ts";
import { Complaints } from "./decoded.ts";
import type { Draft } from "./draft.ts";
import { isSpanId, isTraceId, spanIdOrNone, traceIdOrNone } from "./ids.ts";
import { timeOrNone } from "./times.ts";

/** Hot path. A span as a request has it, before what is missing is filled in. Like `LogDraft`. */
export class SpanDraft implements Draft<SpanRecord> {
  readonly complaints = new Complaints("span");
  traceId = "";
  spanId = "";
  parentSpanId = "";
  traceState = "";
  name = "";
  kind = 0;
  start = 0n;
  end = 0n;
  statusCode = 0;
  statusMessage = "";
  attributes = new AttributeList();
  droppedAttributes = 0;
  droppedEvents = 0;
  droppedLinks = 0;

  #events: SpanEvent[] = [];
  #links: SpanLink[] = [];
  readonly #now: bigint;

  /** @param now nanoseconds since 1970; the time of records that have none */
  constructor(now: bigint) {
    this.#now = now;
  }

  /** Forgets the span before. */
  begin(): void {
    this.traceId = "";
    this.spanId = "";
    this.parentSpanId = "";
    this.traceState = "";
    this.name = "";
    this.kind = 0;
    this.start = 0n;
    this.end = 0n;
    this.statusCode = 0;
    this.statusMessage = "";
    this.attributes = new AttributeList();
    this.droppedAttributes = 0;
    this.#events = [];
    this.droppedEvents = 0;
    this.#links = [];
    this.droppedLinks = 0;
  }

  addEvent(time: bigint, name: string, attributes: AttributeList, droppedAttributes: number): void {
    const timestamp = timeOrNone(time, attributes, this.complaints);
    this.#events.push({ timestamp, name, attributes: attributes.finish(droppedAttributes) });
  }

  addLink(
    traceId: string,
    spanId: string,
    traceState: string,
    attributes: AttributeList,
    droppedAttributes: number,
  ): void {
    this.#links.push({
      traceId: traceIdOrNone(traceId, attributes, this.complaints),
      spanId: spanIdOrNone("span_id", spanId, attributes, this.complaints),
      traceState,
      attributes: attributes.finish(droppedAttributes),
    });
  }

  /**
   * The span. One that ends before it starts (clocks do step back) has no duration. An event without a time happened at
   * the start.
   *
   * @throws PolylogError `POLYLOG_E_BAD_REQUEST` without valid ids: nobody could ever find such a span.
   */
  finish(resource: Resource, scope: Scope): SpanRecord {
    if (!isTraceId(this.traceId)) throw invalidId("trace_id", 16);
    if (!isSpanId(this.spanId)) throw invalidId("span_id", 8);
    const { attributes } = this;
    const end = timeOrNone(this.end, attributes, this.complaints);
    const start = timeOrNone(this.start, attributes, this.complaints) || end || this.#now;
    const endsBeforeStart = end < start;
    const parentSpanId = spanIdOrNone("parent_span_id", this.parentSpanId, attributes, this.complaints);
    if (this.droppedEvents > 0) attributes.note("otel.dropped_events_count", String(this.droppedEvents));
    if (this.droppedLinks > 0) attributes.note("otel.dropped_links_count", String(this.droppedLinks));
    return {
      timestamp: start,
      endTimestamp: endsBeforeStart ? start : end,
      traceId: this.traceId,
      spanId: this.spanId,
      parentSpanId,
      traceState: this.traceState,
      name: this.name,
      kind: SPAN_KINDS[this.kind] ?? "Unspecified",
      statusCode: STATUS_CODES[this.statusCode] ?? "Unset",
      statusMessage: this.statusMessage,
      resource,
      scope,
      attributes: attributes.finish(this.droppedAttributes),
      events: this.#events.every(hasTime) ? this.#events : this.#events.map((event) => timed(event, start)),
      links: this.#links,
    };
  }
}

function hasTime(event: SpanEvent): boolean {
  return event.timestamp !== 0n;
}

function timed(event: SpanEvent, start: bigint): SpanEvent {
  return hasTime(event) ? event : { ...event, timestamp: start };
}

function invalidId(field: string, bytes: number): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `its ${field} is not ${bytes} bytes, or all zeros`);
}
