import { PolylogError } from "../../../errors.ts";

/**
 * Reads the values of parsed OTLP/JSON. Absent and null are the same, unknown names are nobody's business, and
 * besides the prescribed lowerCamelCase the names of the .proto files are taken, as protobuf's JSON mapping asks.
 *
 * Sources: OTLP specification, "JSON Protobuf Encoding"; protobuf.dev, "ProtoJSON Format".
 *
 * All throw PolylogError `POLYLOG_E_BAD_REQUEST` that names the field.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown, field: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as JsonObject;
  throw wrong(field, "an object", value);
}

export function listOf(value: unknown, field: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw wrong(field, "a list", value);
}

/** Lone surrogates, which JSON can spell and UTF-8 can't, become U+FFFD. */
export function textOf(value: unknown, field: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return LONE_SURROGATE.test(value) ? wellFormed(value) : value;
  throw wrong(field, "a string", value);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function wellFormed(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

export function boolOf(value: unknown, field: string): boolean {
  if (typeof value === "boolean") return value;
  throw wrong(field, "true or false", value);
}

/** A 64-bit integer: digits in a string, or a number (which is exact up to 2^53 only). */
export function integerOf(value: unknown, field: string): bigint {
  if (value === undefined || value === null) return 0n;
  if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  throw wrong(field, "an integer, or one in a string", value);
}

export function doubleOf(value: unknown, field: string): number {
  if (typeof value === "number") return value;
  if (
    typeof value === "string" &&
    /^(-?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,4})?|NaN|-?Infinity)$/.test(value)
  ) {
    return Number(value);
  }
  throw wrong(field, "a number", value);
}

/** A count or a bit field. */
export function unsignedOf(value: unknown, field: string): number {
  return Number(BigInt.asUintN(32, integerOf(value, field)));
}

/** An enum: its number, as OTLP says, or its name, as protobuf's own JSON has it. */
export function enumOf(value: unknown, prefix: string, names: readonly string[], field: string): number {
  if (typeof value === "string" && value.startsWith(prefix)) {
    const number = names.indexOf(value.slice(prefix.length));
    if (number >= 0) return number;
  }
  return unsignedOf(value, field);
}

/** The hex digits of an id, in any case. */
export function hexOf(value: unknown, field: string): string {
  return textOf(value, field).toLowerCase();
}

function wrong(field: string, expected: string, value: unknown): PolylogError {
  const found = Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`;
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `${field} must be ${expected}, not ${found}`);
}
