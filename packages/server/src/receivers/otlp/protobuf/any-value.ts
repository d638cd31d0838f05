import type { AttributeList } from "../attribute-list.ts";
import { doubleAsJson, inBrackets } from "../json-text.ts";
import { type Budget, MAX_DEPTH } from "../limits.ts";
import { fieldSet, type ProtobufReader } from "./reader.ts";

/**
 * Hot path. `KeyValue` and `AnyValue` of opentelemetry/proto/common/v1/common.proto, straight to text. Each
 * function reads the message at hand in the reader to its end.
 */

/** Tags of `KeyValue`. */
const KEY = 0x0a;
const VALUE = 0x12;
const KEY_VALUE_FIELDS = fieldSet(1, 2);

/** Tags of `AnyValue`. They exclude each other; of several the last counts, as everywhere in protobuf. */
const STRING = 0x0a;
const BOOL = 0x10;
const INT = 0x18;
const DOUBLE = 0x21;
const ARRAY = 0x2a;
const MAP = 0x32;
const BYTES = 0x3a;
const ANY_VALUE_FIELDS = fieldSet(1, 2, 3, 4, 5, 6, 7);

/** The tag of the one field, repeated, of `ArrayValue` and `KeyValueList`. */
const VALUES = 0x0a;
const VALUES_FIELDS = fieldSet(1);

/**
 * The `KeyValue` in the field at hand as an attribute; a map becomes an attribute for each of its entries, by
 * dotted name.
 */
export function readAttribute(
  reader: ProtobufReader,
  into: AttributeList,
  budget: Budget,
  prefix = "",
  depth = 0,
): void {
  budget.spendValue();
  const around = reader.enter();
  const end = reader.end;
  let name = prefix;
  let value = end;
  let valueEnd = end;
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === KEY) name = prefix + reader.readText();
    else if (tag === VALUE) {
      // The key may come after its value, so the value is read when both are known.
      const outer = reader.enter();
      value = reader.position;
      valueEnd = reader.end;
      reader.leave(outer);
    } else reader.skip(tag, KEY_VALUE_FIELDS);
  }
  if (prefix !== "") budget.spendName(name.length);
  reader.seek(value, valueEnd);
  readAttributeValue(reader, into, budget, name, depth);
  reader.seek(end, end);
  reader.leave(around);
}

function readAttributeValue(
  reader: ProtobufReader,
  into: AttributeList,
  budget: Budget,
  name: string,
  depth: number,
): void {
  let text: string | undefined = "";
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag !== MAP || depth >= MAX_DEPTH) {
      text = readField(reader, tag, budget, depth) ?? text;
      continue;
    }
    const outer = reader.enter();
    text = reader.hasMore() ? undefined : "{}";
    while (reader.hasMore()) {
      const entryTag = reader.readTag();
      if (entryTag === VALUES) readAttribute(reader, into, budget, `${name}.`, depth + 1);
      else reader.skip(entryTag, VALUES_FIELDS);
    }
    reader.leave(outer);
  }
  if (text !== undefined) into.push(name, text);
}

/** An `AnyValue` as text: strings as they are, lists and maps as JSON, bytes as base64, nothing as "". */
export function readValue(reader: ProtobufReader, budget: Budget): string {
  let text = "";
  while (reader.hasMore()) text = readField(reader, reader.readTag(), budget, 0) ?? text;
  return text;
}

/** One field of `AnyValue` as text; undefined when the field is unknown. */
function readField(reader: ProtobufReader, tag: number, budget: Budget, depth: number): string | undefined {
  switch (tag) {
    case STRING:
      return reader.readText();
    case BOOL:
      return reader.readBool() ? "true" : "false";
    case INT:
      return reader.readInt64();
    case DOUBLE:
      return String(reader.readDouble());
    case ARRAY:
      return inBrackets("[", readElements(reader, budget, depth, readJson), "]");
    case MAP:
      return inBrackets("{", readElements(reader, budget, depth, readEntry), "}");
    case BYTES:
      return reader.readBase64();
    default:
      reader.skip(tag, ANY_VALUE_FIELDS);
      return undefined;
  }
}

/** An `AnyValue` as JSON. */
function readJson(reader: ProtobufReader, budget: Budget, depth: number): string {
  budget.spendValue();
  let json = "null";
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === STRING) json = JSON.stringify(reader.readText());
    else if (tag === BYTES) json = `"${reader.readBase64()}"`;
    else if (tag === DOUBLE) json = doubleAsJson(reader.readDouble());
    else json = readField(reader, tag, budget, depth) ?? json;
  }
  return json;
}

/** The elements of the `ArrayValue` or `KeyValueList` that follows; undefined when they are too deep to be read. */
function readElements(
  reader: ProtobufReader,
  budget: Budget,
  depth: number,
  readElement: (reader: ProtobufReader, budget: Budget, depth: number) => string,
): string | undefined {
  const outer = reader.enter();
  const elements: string[] = [];
  while (depth < MAX_DEPTH && reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === VALUES) {
      const list = reader.enter();
      elements.push(readElement(reader, budget, depth + 1));
      reader.leave(list);
    } else reader.skip(tag, VALUES_FIELDS);
  }
  reader.leave(outer);
  return depth < MAX_DEPTH ? elements.join(",") : undefined;
}

/** An entry of a map as JSON has it. */
function readEntry(reader: ProtobufReader, budget: Budget, depth: number): string {
  let key = "";
  let value = "null";
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (tag === KEY) key = reader.readText();
    else if (tag === VALUE) {
      const outer = reader.enter();
      value = readJson(reader, budget, depth);
      reader.leave(outer);
    } else reader.skip(tag, KEY_VALUE_FIELDS);
  }
  return `${JSON.stringify(key)}:${value}`;
}
