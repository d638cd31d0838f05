import type { LogRecord } from "../../../record/record.ts";
import type { Decoded } from "../decoded.ts";
import type { Budget } from "../limits.ts";
import { LogDraft } from "../log-draft.ts";
import { readAttribute, readValue } from "./any-value.ts";
import { decodeRequest } from "./envelope.ts";
import { fieldSet, type ProtobufReader } from "./reader.ts";

/** Tags of `LogRecord`. Source: opentelemetry/proto/logs/v1/logs.proto. */
const TIME = 0x09;
const SEVERITY_NUMBER = 0x10;
const SEVERITY_TEXT = 0x1a;
const BODY = 0x2a;
const ATTRIBUTES = 0x32;
const DROPPED_ATTRIBUTES = 0x38;
const FLAGS = 0x45;
const TRACE_ID = 0x4a;
const SPAN_ID = 0x52;
const OBSERVED_TIME = 0x59;
const EVENT_NAME = 0x62;
const FIELDS = fieldSet(1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12);

/**
 * Hot path. Decodes an `ExportLogsServiceRequest` in protobuf, straight to records.
 *
 * @param now nanoseconds since 1970; the observed time of records that have none
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST`, `POLYLOG_E_TOO_LARGE`
 */
export function decodeLogs(bytes: Buffer, now: bigint): Decoded<LogRecord> {
  return decodeRequest(bytes, new LogDraft(now), readLog);
}

function readLog(reader: ProtobufReader, draft: LogDraft, budget: Budget): void {
  while (reader.hasMore()) {
    const tag = reader.readTag();
    switch (tag) {
      case TIME:
        draft.time = reader.readFixed64();
        break;
      case OBSERVED_TIME:
        draft.observedTime = reader.readFixed64();
        break;
      case SEVERITY_NUMBER:
        draft.severityNumber = reader.readUnsigned();
        break;
      case SEVERITY_TEXT:
        draft.severityText = reader.readText();
        break;
      case BODY: {
        const outer = reader.enter();
        draft.body = readValue(reader, budget);
        reader.leave(outer);
        break;
      }
      case ATTRIBUTES:
        readAttribute(reader, draft.attributes, budget);
        break;
      case DROPPED_ATTRIBUTES:
        draft.droppedAttributes = reader.readUnsigned();
        break;
      case FLAGS:
        draft.flags = reader.readFixed32();
        break;
      case TRACE_ID:
        draft.traceId = reader.readHex();
        break;
      case SPAN_ID:
        draft.spanId = reader.readHex();
        break;
      case EVENT_NAME:
        draft.eventName = reader.readText();
        break;
      default:
        reader.skip(tag, FIELDS);
    }
  }
}
