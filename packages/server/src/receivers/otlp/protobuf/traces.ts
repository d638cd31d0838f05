import type { SpanRecord } from "../../../record/record.ts";
import { AttributeList } from "../attribute-list.ts";
import type { Decoded } from "../decoded.ts";
import type { Budget } from "../limits.ts";
import { SpanDraft } from "../span-draft.ts";
import { readAttribute } from "./any-value.ts";
import { decodeRequest } from "./envelope.ts";
import { fieldSet, type ProtobufReader } from "./reader.ts";

/** Tags of `Span`. Source: opentelemetry/proto/trace/v1/trace.proto. */
const TRACE_ID = 0x0a;
const SPAN_ID = 0x12;
const TRACE_STATE = 0x1a;
const PARENT_SPAN_ID = 0x22;
const NAME = 0x2a;
const KIND = 0x30;
const START = 0x39;
const END = 0x41;
const ATTRIBUTES = 0x4a;
const DROPPED_ATTRIBUTES = 0x50;
const EVENTS = 0x5a;
const DROPPED_EVENTS = 0x60;
const LINKS = 0x6a;
const DROPPED_LINKS = 0x70;
const STATUS = 0x7a;
const FIELDS = fieldSet(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

/** Tags of `Span.Event`. */
const EVENT_TIME = 0x09;
const EVENT_NAME = 0x12;
const EVENT_ATTRIBUTES = 0x1a;
const EVENT_DROPPED = 0x20;
const EVENT_FIELDS = fieldSet(1, 2, 3, 4);

/** Tags of `Span.Link`. */
const LINK_TRACE_ID = 0x0a;
const LINK_SPAN_ID = 0x12;
const LINK_TRACE_STATE = 0x1a;
const LINK_ATTRIBUTES = 0x22;
const LINK_DROPPED = 0x28;
const LINK_FIELDS = fieldSet(1, 2, 3, 4, 5);

/** Tags of `Status`. */
const STATUS_MESSAGE = 0x12;
const STATUS_CODE = 0x18;
const STATUS_FIELDS = fieldSet(2, 3);

/** Hot path. Decodes an `ExportTraceServiceRequest` in protobuf, like `decodeLogs`. */
export function decodeTraces(bytes: Buffer, now: bigint): Decoded<SpanRecord> {
  return decodeRequest(bytes, new SpanDraft(now), readSpan);
}

function readSpan(reader: ProtobufReader, draft: SpanDraft, budget: Budget): void {
  while (reader.hasMore()) {
    const tag = reader.readTag();
    switch (tag) {
      case TRACE_ID:
        draft.traceId = reader.readHex();
        break;
      case SPAN_ID:
        draft.spanId = reader.readHex();
        break;
      case TRACE_STATE:
        draft.traceState = reader.readText();
        break;
      case PARENT_SPAN_ID:
        draft.parentSpanId = reader.readHex();
        break;
      case NAME:
        draft.name = reader.readText();
        break;
      case KIND:
        draft.kind = reader.readUnsigned();
        break;
      case START:
        draft.start = reader.readFixed64();
        break;
      case END:
        draft.end = reader.readFixed64();
        break;
      case ATTRIBUTES:
        readAttribute(reader, draft.attributes, budget);
        break;
      case DROPPED_ATTRIBUTES:
        draft.droppedAttributes = reader.readUnsigned();
        break;
      case EVENTS: {
        const outer = reader.enter();
        readEvent(reader, draft, budget);
        reader.leave(outer);
        break;
      }
      case DROPPED_EVENTS:
        draft.droppedEvents = reader.readUnsigned();
        break;
      case LINKS: {
        const outer = reader.enter();
        readLink(reader, draft, budget);
        reader.leave(outer);
        break;
      }
      case DROPPED_LINKS:
        draft.droppedLinks = reader.readUnsigned();
        break;
      case STATUS: {
        const outer = reader.enter();
        readStatus(reader, draft);
        reader.leave(outer);
        break;
      }
      default:
        reader.skip(tag, FIELDS);
    }
  }
}

function readEvent(reader: ProtobufReader, draft: SpanDraft, budget: Budget): void {
  budget.spendItem();
  const attributes = new AttributeList();
  let time = 0n;
  let name = "";
  let dropped = 0;
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === EVENT_TIME) time = reader.readFixed64();
    else if (tag === EVENT_NAME) name = reader.readText();
    else if (tag === EVENT_ATTRIBUTES) readAttribute(reader, attributes, budget);
    else if (tag === EVENT_DROPPED) dropped = reader.readUnsigned();
    else reader.skip(tag, EVENT_FIELDS);
  }
  draft.addEvent(time, name, attributes, dropped);
}

function readLink(reader: ProtobufReader, draft: SpanDraft, budget: Budget): void {
  budget.spendItem();
  const attributes = new AttributeList();
  let traceId = "";
  let spanId = "";
  let traceState = "";
  let dropped = 0;
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === LINK_TRACE_ID) traceId = reader.readHex();
    else if (tag === LINK_SPAN_ID) spanId = reader.readHex();
    else if (tag === LINK_TRACE_STATE) traceState = reader.readText();
    else if (tag === LINK_ATTRIBUTES) readAttribute(reader, attributes, budget);
    else if (tag === LINK_DROPPED) dropped = reader.readUnsigned();
    else reader.skip(tag, LINK_FIELDS);
  }
  draft.addLink(traceId, spanId, traceState, attributes, dropped);
}

function readStatus(reader: ProtobufReader, draft: SpanDraft): void {
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === STATUS_MESSAGE) draft.statusMessage = reader.readText();
    else if (tag === STATUS_CODE) draft.statusCode = reader.readUnsigned();
    else reader.skip(tag, STATUS_FIELDS);
  }
}
