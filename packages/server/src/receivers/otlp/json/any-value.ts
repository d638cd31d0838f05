import type { AttributeList } from "../attribute-list.ts";
import { doubleAsJson, inBrackets } from "../json-text.ts";
import { type Budget, MAX_DEPTH } from "../limits.ts";
import { boolOf, doubleOf, integerOf, type JsonObject, listOf, objectOf, textOf } from "./values.ts";

/** `KeyValue` and `AnyValue` in OTLP/JSON, with the same outcome as `protobuf/any-value.ts`. */

/** Adds a list of `KeyValue` to attributes; a map becomes an attribute for each of its entries, by dotted name. */
export function addAttributes(
  keyValues: unknown,
  into: AttributeList,
  budget: Budget,
  prefix = "",
  depth = 0,
): void {
  for (const keyValue of listOf(keyValues, "attributes")) {
    budget.spendValue();
    const entry = objectOf(keyValue, "attribute");
    const name = prefix + textOf(entry.key, "attribute key");
    if (prefix !== "") budget.spendName(name.length);
    const value = objectOf(entry.value, `value of attribute ${name.slice(0, 100)}`);
    const map = value.kvlistValue ?? value.kvlist_value;
    if (map === undefined || map === null || depth >= MAX_DEPTH) {
      into.push(name, valueAsText(value, budget, depth));
      continue;
    }
    const entries = listOf(objectOf(map, "kvlistValue").values, "kvlistValue.values");
    if (entries.length === 0) into.push(name, "{}");
    else addAttributes(entries, into, budget, `${name}.`, depth + 1);
  }
}

/** An `AnyValue` as text: strings as they are, lists and maps as JSON, bytes as base64, nothing as "". */
export function valueAsText(value: JsonObject, budget: Budget, depth = 0): string {
  const text = value.stringValue ?? value.string_value;
  if (text !== undefined && text !== null) return textOf(text, "stringValue");
  const double = value.doubleValue ?? value.double_value;
  if (double !== undefined && double !== null) return String(doubleOf(double, "doubleValue"));
  const bytes = value.bytesValue ?? value.bytes_value;
  if (bytes !== undefined && bytes !== null) return textOf(bytes, "bytesValue");
  return otherValue(value, budget, depth) ?? "";
}

function valueAsJson(value: JsonObject, budget: Budget, depth: number): string {
  budget.spendValue();
  const text = value.stringValue ?? value.string_value ?? value.bytesValue ?? value.bytes_value;
  if (text !== undefined && text !== null) return JSON.stringify(textOf(text, "stringValue"));
  const double = value.doubleValue ?? value.double_value;
  if (double !== undefined && double !== null) return doubleAsJson(doubleOf(double, "doubleValue"));
  return otherValue(value, budget, depth) ?? "null";
}

/** The kinds of value that look alike as text and in JSON; undefined when it is none of them. */
function otherValue(value: JsonObject, budget: Budget, depth: number): string | undefined {
  const integer = value.intValue ?? value.int_value;
  if (integer !== undefined && integer !== null) return String(integerOf(integer, "intValue"));
  const bool = value.boolValue ?? value.bool_value;
  if (bool !== undefined && bool !== null) return String(boolOf(bool, "boolValue"));
  const list = value.arrayValue ?? value.array_value;
  if (list !== undefined && list !== null) {
    return inBrackets("[", elementsOf(list, "arrayValue", budget, depth, valueAsJson), "]");
  }
  const map = value.kvlistValue ?? value.kvlist_value;
  if (map !== undefined && map !== null) {
    return inBrackets("{", elementsOf(map, "kvlistValue", budget, depth, entryAsJson), "}");
  }
  return undefined;
}

function elementsOf(
  holder: unknown,
  field: string,
  budget: Budget,
  depth: number,
  asJson: (element: JsonObject, budget: Budget, depth: number) => string,
): string | undefined {
  if (depth >= MAX_DEPTH) return undefined;
  const values = listOf(objectOf(holder, field).values, `${field}.values`);
  return values.map((element) => asJson(objectOf(element, `${field} element`), budget, depth + 1)).join(",");
}

function entryAsJson(entry: JsonObject, budget: Budget, depth: number): string {
  const value = valueAsJson(objectOf(entry.value, "kvlistValue value"), budget, depth);
  return `${JSON.stringify(textOf(entry.key, "kvlistValue key"))}:${value}`;
}
