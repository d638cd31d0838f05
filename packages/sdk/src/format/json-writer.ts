import type { Redactor } from "../redaction/redactor.ts";
import { jsonText } from "./escape.ts";
import { flat } from "./flat.ts";
import { LIMITS, limited } from "./limits.ts";
import { plainValue } from "./plain-value.ts";

/** A name of a field, ready to be written. */
interface Key {
  /** `,"name":` */
  readonly text: string;
  readonly isRedacted: boolean;
}

/** Names come from code and are few; the bound is for those who make names of data. */
const MOST_KEYS = 5_000;

/** Thrown where the quick way meets something that it can't write; the thorough one then does it all. */
const TOO_HARD = Symbol("too hard");

/** Writes values as JSON. Made anew when redaction changes. */
export interface JsonWriter {
  /** `,"a":1,"b":"x"`, with the leading comma; empty when there are no fields. Never throws. */
  fields(fields: object): string;
  /** One value. Never throws. */
  value(value: unknown): string;
  readonly redactor: Redactor | undefined;
}

/**
 * Hot path. Walks plain objects and arrays itself, which takes less than `JSON.stringify` for the small ones that
 * records are made of and can mask keys on its way. What isn't plain, or too deep, or throws, goes through
 * {@link plainValue}, which copes with anything.
 */
export function createJsonWriter(redactor: Redactor | undefined): JsonWriter {
  const keys = new Map<string, Key>();
  const censor = redactor === undefined ? "" : `"${jsonText(redactor.censor)}"`;
  const hasPaths = redactor?.hasPaths ?? false;
  let left = 0;

  function keyOf(name: string): Key {
    const known = keys.get(name);
    if (known !== undefined) return known;
    const key = { text: flat(`,"${jsonText(name)}":`), isRedacted: redactor?.isKey(name) ?? false };
    if (keys.size < MOST_KEYS) keys.set(name, key);
    return key;
  }

  function write(value: unknown, depth: number): string {
    switch (typeof value) {
      case "string":
        return `"${jsonText(value.length > LIMITS.text ? limited(value) : value)}"`;
      case "number":
        // NaN and the infinities have no JSON form.
        return value - value === 0 ? `${value}` : `"${value}"`;
      case "boolean":
        return value ? "true" : "false";
      case "object":
        return value === null ? "null" : writeObject(value, depth);
      case "bigint":
        return `"${value}"`;
      default:
        throw TOO_HARD;
    }
  }

  function writeObject(value: object, depth: number): string {
    if (depth > LIMITS.depth) throw TOO_HARD;
    if (Array.isArray(value)) {
      const { length } = value;
      left -= length;
      if (left < 0) throw TOO_HARD;
      let text = "";
      for (let at = 0; at < length; at++) {
        const element: unknown = value[at];
        text += at === 0 ? "" : ",";
        text += element === undefined ? "null" : write(element, depth + 1);
      }
      return `[${text}]`;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      if (value instanceof Error) return writeError(value, depth);
      throw TOO_HARD;
    }
    const text = writeFields(value as Record<string, unknown>, depth);
    return text === "" ? "{}" : `{${text.slice(1)}}`;
  }

  function writeFields(fields: Record<string, unknown>, depth: number): string {
    let text = "";
    for (const name in fields) {
      const value = fields[name];
      if (value === undefined) continue;
      if (--left < 0) throw TOO_HARD;
      const key = keyOf(name);
      if (key.isRedacted) text += key.text + censor;
      else if (typeof value === "function") throw TOO_HARD;
      else text += key.text + write(value, depth);
    }
    return text;
  }

  /** An error without others behind it; its fields, such as `code`, among the rest. */
  function writeError(error: Error, depth: number): string {
    const { name, message, stack } = error;
    if (error.cause !== undefined || "errors" in error || typeof stack !== "string") throw TOO_HARD;
    if (typeof name !== "string" || typeof message !== "string") throw TOO_HARD;
    const own = writeFields(error as unknown as Record<string, unknown>, depth + 1);
    return `{"name":"${jsonText(name)}","message":"${jsonText(limited(message))}","stack":"${jsonText(limited(stack))}"${own}}`;
  }

  function fields(given: object): string {
    left = LIMITS.values;
    try {
      if (!hasPaths) {
        const prototype: unknown = Object.getPrototypeOf(given);
        if (prototype === Object.prototype || prototype === null) {
          return writeFields(given as Record<string, unknown>, 1);
        }
      }
    } catch {
      // Whatever it was, the thorough way says it.
    }
    const text = JSON.stringify(plainValue(given, redactor));
    if (text === "{}") return "";
    return text.startsWith("{") ? `,${text.slice(1, -1)}` : `,"value":${text}`;
  }

  function value(given: unknown): string {
    left = LIMITS.values;
    try {
      if (!hasPaths) return write(given, 1);
    } catch {
      // As above.
    }
    return JSON.stringify(plainValue(given, redactor)) ?? "null";
  }

  return { fields, value, redactor };
}
