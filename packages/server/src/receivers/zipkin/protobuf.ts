import type { JsonObject } from "../../formats/json/json.ts";
import { fieldSet, ProtobufReader } from "../otlp/protobuf/reader.ts";

/** The enum `Span.Kind`. */
const KINDS = ["", "CLIENT", "SERVER", "PRODUCER", "CONSUMER"];

const tag = (field: number, wireType: 0 | 1 | 2): number => (field << 3) | wireType;
const SPAN_FIELDS = fieldSet(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
const ENDPOINT_FIELDS = fieldSet(1, 2, 3, 4);
const ANNOTATION_FIELDS = fieldSet(1, 2);

/**
 * The spans of a `ListOfSpans`, each as Zipkin's JSON has it.
 *
 * Throws `POLYLOG_E_BAD_REQUEST`, with the offset, where it is damaged. Source: zipkin.proto, `zipkin.proto3`.
 */
export function* spansOfProtobuf(bytes: Buffer): Generator<JsonObject> {
  const reader = new ProtobufReader(bytes);
  while (reader.hasMore()) {
    const at = reader.readTag();
    if (at === tag(1, 2)) yield readMessage(reader, readSpan);
    else reader.skip(at, fieldSet(1));
  }
}

function readMessage<T>(reader: ProtobufReader, read: (reader: ProtobufReader) => T): T {
  const outer = reader.enter();
  const message = read(reader);
  reader.leave(outer);
  return message;
}

function readSpan(reader: ProtobufReader): JsonObject {
  const span: Record<string, unknown> = {};
  const annotations: JsonObject[] = [];
  const tags: [string, string][] = [];
  while (reader.hasMore()) {
    const at = reader.readTag();
    if (at === tag(1, 2)) span.traceId = reader.readHex();
    else if (at === tag(2, 2)) span.parentId = reader.readHex();
    else if (at === tag(3, 2)) span.id = reader.readHex();
    else if (at === tag(4, 0)) {
      const kind = reader.readUnsigned();
      span.kind = KINDS[kind] ?? String(kind);
    } else if (at === tag(5, 2)) span.name = reader.readText();
    else if (at === tag(6, 1)) span.timestamp = String(reader.readFixed64());
    else if (at === tag(7, 0)) span.duration = reader.readInt64();
    else if (at === tag(8, 2)) span.localEndpoint = readMessage(reader, readEndpoint);
    else if (at === tag(9, 2)) span.remoteEndpoint = readMessage(reader, readEndpoint);
    else if (at === tag(10, 2)) annotations.push(readMessage(reader, readAnnotation));
    else if (at === tag(11, 2)) tags.push(readMessage(reader, readEntry));
    else if (at === tag(12, 0)) span.debug = reader.readBool();
    else if (at === tag(13, 0)) span.shared = reader.readBool();
    else reader.skip(at, SPAN_FIELDS);
  }
  return { ...span, annotations, tags: Object.fromEntries(tags) };
}

function readEndpoint(reader: ProtobufReader): JsonObject {
  const endpoint: Record<string, unknown> = {};
  while (reader.hasMore()) {
    const at = reader.readTag();
    if (at === tag(1, 2)) endpoint.serviceName = reader.readText();
    else if (at === tag(2, 2)) endpoint.ipv4 = Buffer.from(reader.readHex(), "hex").join(".");
    else if (at === tag(3, 2))
      endpoint.ipv6 = reader
        .readHex()
        .match(/.{1,4}/g)
        ?.join(":");
    else if (at === tag(4, 0)) endpoint.port = reader.readUnsigned();
    else reader.skip(at, ENDPOINT_FIELDS);
  }
  return endpoint;
}

function readAnnotation(reader: ProtobufReader): JsonObject {
  const annotation: Record<string, unknown> = {};
  while (reader.hasMore()) {
    const at = reader.readTag();
    if (at === tag(1, 1)) annotation.timestamp = String(reader.readFixed64());
    else if (at === tag(2, 2)) annotation.value = reader.readText();
    else reader.skip(at, ANNOTATION_FIELDS);
  }
  return annotation;
}

/** An entry of a map. */
function readEntry(reader: ProtobufReader): [string, string] {
  let key = "";
  let value = "";
  while (reader.hasMore()) {
    const at = reader.readTag();
    if (at === tag(1, 2)) key = reader.readText();
    else if (at === tag(2, 2)) value = reader.readText();
    else reader.skip(at, fieldSet(1, 2));
  }
  return [key, value];
}
