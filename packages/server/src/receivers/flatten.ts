import { isJsonObject } from "../formats/json/json.ts";

/** Attributes kept of one record, as with every receiver; the rest is counted. */
const MAX_ATTRIBUTES = 1024;
/** Levels of objects that become dotted names; what lies deeper stays JSON text. */
const MAX_DEPTH = 32;
/** Characters of a name: nesting repeats the names around it, which must not dwarf what was sent. */
const MAX_NAME = 1024;
const DROPPED = "polylog.dropped_attributes";
/** Stands where a value was nested so deeply that not even its text can be made. */
const TOO_DEEP = "[nested too deeply]";

/**
 * Hot path. Adds a value as JSON has it to flat pairs: objects by dotted names, lists as JSON text, `null` not at
 * all. A record has at most 1,024 attributes; what is over is counted in `polylog.dropped_attributes`.
 *
 * @example
 * const pairs: string[] = [];
 * addFlat(pairs, "user", { id: 7, roles: ["a"] }); // ["user.id", "7", "user.roles", '["a"]']
 */
export function addFlat(pairs: string[], name: string, value: unknown, depth = 0): void {
  if (value === null || value === undefined) return;
  if (typeof value !== "object" || Array.isArray(value) || depth >= MAX_DEPTH) {
    addPair(pairs, name, textOf(value));
    return;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  if (Object.keys(fields).length === 0 && name !== "") addPair(pairs, name, "{}");
  else addFields(pairs, name, fields, depth + 1);
}

/**
 * Adds each field of an object as {@link addFlat} does, by its name behind the prefix's.
 *
 * @example
 * addFields(pairs, "user", { id: 7 }); // ["user.id", "7"]
 */
export function addFields(
  pairs: string[],
  prefix: string,
  fields: Readonly<Record<string, unknown>>,
  depth = 0,
): void {
  for (const key of Object.keys(fields)) {
    addFlat(pairs, prefix === "" ? key : `${prefix}.${key}`, fields[key], depth);
  }
}

/**
 * Adds a value as {@link addFlat} does, where some fields of an object have names of their own.
 *
 * @param names by the object's keys
 * @example
 * addNamed(pairs, "user", { id: 7, username: "kim" }, new Map([["username", "user.name"]]));
 * // ["user.id", "7", "user.name", "kim"]
 */
export function addNamed(
  pairs: string[],
  prefix: string,
  value: unknown,
  names: ReadonlyMap<string, string>,
): void {
  if (!isJsonObject(value)) addFlat(pairs, prefix, value);
  else for (const key of Object.keys(value)) addFlat(pairs, names.get(key) ?? `${prefix}.${key}`, value[key]);
}

/**
 * The text of a value as JSON has it: texts as they are, everything else as JSON, `null` and nothing as "".
 *
 * @example
 * textOf({ a: 1 }); // '{"a":1}'
 */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  // JSON has no word for what is not finite.
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "null";
  return value === null || value === undefined ? "" : jsonOf(value);
}

function addPair(pairs: string[], name: string, value: string): void {
  if (name !== "" && name.length <= MAX_NAME && pairs.length < 2 * MAX_ATTRIBUTES) {
    pairs.push(name, value);
    return;
  }
  // The count stands last, past the limit if need be.
  if (pairs.at(-2) === DROPPED) pairs[pairs.length - 1] = String(Number(pairs.at(-1)) + 1);
  else pairs.push(DROPPED, "1");
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // The only way to fail for what JSON.parse made: thousands of levels overflow the stack.
    return TOO_DEEP;
  }
}
