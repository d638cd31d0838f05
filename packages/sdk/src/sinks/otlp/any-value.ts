import { plainValue } from "../../format/plain-value.ts";

/** A value as OTLP's JSON writes it (`AnyValue` of opentelemetry/proto/common/v1); `{}` is no value. */
type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } }
  | Readonly<Record<string, never>>;

/** A field and its value. */
export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** Fields as OTLP has them. Anything can be in them: what OTLP can't hold is told as text. Never throws. */
export function keyValues(fields: object): KeyValue[] {
  const plain = plainValue(fields);
  return typeof plain === "object" && plain !== null && !Array.isArray(plain)
    ? listOf(plain)
    : [{ key: "value", value: anyValue(plain) }];
}

function listOf(fields: object): KeyValue[] {
  return Object.entries(fields).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** @param value such as JSON can hold */
function anyValue(value: unknown): AnyValue {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "number":
      // 64-bit integers are text in JSON, so that none loses digits.
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    case "object":
      if (value === null) return {};
      if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
      return { kvlistValue: { values: listOf(value) } };
    default:
      return {};
  }
}
