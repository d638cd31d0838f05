import type { Redactor } from "../redaction/redactor.ts";
import { isError, KNOWN_OF_ERRORS, messageOf } from "./error.ts";
import { jsonText } from "./escape.ts";
import { flat } from "./flat.ts";
import { LIMITS, limited } from "./limits.ts";
import { areOwn, isPlainObject } from "./plain-object.ts";
import { plainValue } from "./plain-value.ts";
import { rememberLast } from "./remember-last.ts";

/** A name, with what comes before it: the first of an object, after a value, after a text (whose quote is still open). */
interface Key {
  readonly name: string;
  readonly isRedacted: boolean;
  /** `{"name":` `,"name":` `","name":` */
  readonly plain: readonly [first: string, afterValue: string, afterText: string];
  /** The same with the opening quote of a text. */
  readonly quoted: readonly [first: string, afterValue: string, afterText: string];
  /** The one that came after it last, and the first one of the object that it had last: mostly they do again. */
  next: Key | undefined;
  inside: Key | undefined;
}

const FIRST = 0;
const AFTER_VALUE = 1;
const AFTER_TEXT = 2;
type Place = typeof FIRST | typeof AFTER_VALUE | typeof AFTER_TEXT;

/** Names come from code and are few; the bound is for those who make names of data. */
export const MOST_KEYS = 5_000;
/** Longer names are made of data, and aren't kept. */
export const LONGEST_KEY = 64;
/** Texts up to here aren't counted: as many as there can be of them fit into what a record may hold. */
const SHORT_TEXT = Math.floor(LIMITS.total / LIMITS.values);

/** Thrown where the quick way meets something that it can't write; the thorough one then does it all. */
const TOO_HARD = Symbol("too hard");

/** Writes values as JSON. Made anew when redaction changes. */
export interface JsonWriter {
  /**
   * `{"a":1,"b":"x"`, without the closing brace; empty when there are no fields. Never throws.
   *
   * @param isFirst false where other fields come before: the text then begins with a comma
   */
  fields(fields: object, isFirst: boolean): string;
  /** One value. Never throws. */
  value(value: unknown): string;
  readonly redactor: Redactor | undefined;
}

/**
 * Hot path. Walks plain objects and arrays itself, which takes less than `JSON.stringify` for the small ones that
 * records are made of, can mask keys on its way, and sees what JSON would silently drop. What isn't plain, or too deep, or
 * throws, goes through {@link plainValue}, which copes with anything.
 *
 * Every `+` makes a node that is walked again when the text is written, so fragments are as long as can be: a key brings
 * along what comes before it.
 */
export function createJsonWriter(redactor: Redactor | undefined): JsonWriter {
  const stackText = rememberLast(jsonText);
  const keys = new Map<string, Key>();
  const censor = redactor === undefined ? "" : jsonText(redactor.censor);
  const hasPaths = redactor?.hasPaths ?? false;
  /** Where the fields written last ended. */
  let place: Place = FIRST;
  let left = 0;
  /** Room for long texts and names. */
  let room = 0;
  /** Stands before the first field of a record. */
  const root = newKey("");

  function newKey(name: string): Key {
    const isLong = name.length > LONGEST_KEY;
    const text = `"${jsonText(isLong ? longText(name) : name)}":`;
    const key: Key = {
      name,
      isRedacted: redactor?.isKey(name) ?? false,
      plain: [flat(`{${text}`), flat(`,${text}`), flat(`",${text}`)],
      quoted: [flat(`{${text}"`), flat(`,${text}"`), flat(`",${text}"`)],
      next: undefined,
      inside: undefined,
    };
    if (!isLong && keys.size < MOST_KEYS) keys.set(name, key);
    return key;
  }

  function longText(text: string): string {
    room -= text.length;
    if (room < 0) throw TOO_HARD;
    return limited(text);
  }

  /**
   * Answers `before` and the fields; leaves where they end in `place`.
   *
   * @param around the field whose value they are
   */
  function writeFields(
    before: string,
    start: Place,
    fields: Record<string, unknown>,
    depth: number,
    around: Key,
  ): string {
    let text = before;
    let at: Place = start;
    let previous: Key | undefined;
    let last: string | undefined;
    for (const name in fields) {
      last = name;
      const value = fields[name];
      if (value === undefined) continue;
      if (--left < 0) throw TOO_HARD;
      let key = previous === undefined ? around.inside : previous.next;
      if (key === undefined || key.name !== name) {
        key = keys.get(name);
        if (key === undefined) key = newKey(name);
        else if (previous === undefined) around.inside = key;
        else previous.next = key;
      }
      previous = key;
      if (key.isRedacted) {
        text += key.quoted[at] + censor;
        at = AFTER_TEXT;
      } else if (typeof value === "string") {
        text += key.quoted[at];
        text += jsonText(value.length > SHORT_TEXT ? longText(value) : value);
        at = AFTER_TEXT;
      } else if (typeof value === "number") {
        // NaN and the infinities have no JSON form.
        if (value - value !== 0) throw TOO_HARD;
        text += key.plain[at];
        text += value;
        at = AFTER_VALUE;
      } else {
        text = writeOther(text + key.plain[at], value, depth, key);
        at = AFTER_VALUE;
      }
    }
    if (!areOwn(fields, last)) throw TOO_HARD;
    place = at;
    return text;
  }

  function writeOther(before: string, value: unknown, depth: number, around: Key): string {
    if (typeof value === "object")
      return value === null ? `${before}null` : writeObject(before, value, depth, around);
    if (typeof value === "boolean") return before + (value ? "true" : "false");
    throw TOO_HARD;
  }

  function writeObject(before: string, value: object, depth: number, around: Key): string {
    if (depth > LIMITS.depth) throw TOO_HARD;
    if (isPlainObject(value)) {
      const text = writeFields(before, FIRST, value as Record<string, unknown>, depth + 1, around);
      return text + (place === AFTER_VALUE ? "}" : place === AFTER_TEXT ? '"}' : "{}");
    }
    if (Array.isArray(value)) return writeList(before, value, depth, around);
    if (isError(value)) return writeError(before, value, depth, around);
    throw TOO_HARD;
  }

  function writeList(before: string, list: readonly unknown[], depth: number, around: Key): string {
    left -= list.length;
    if (left < 0) throw TOO_HARD;
    let text = `${before}[`;
    for (let at = 0; at < list.length; at++)
      text = writeAlone(at === 0 ? text : `${text},`, list[at], depth, around);
    return `${text}]`;
  }

  /** A value that no key precedes. */
  function writeAlone(before: string, value: unknown, depth: number, around: Key): string {
    if (typeof value === "string")
      return `${before}"${jsonText(value.length > SHORT_TEXT ? longText(value) : value)}"`;
    if (typeof value === "number" && value - value === 0) return before + value;
    return writeOther(before, value, depth + 1, around);
  }

  /** An error without others behind it; its fields, such as `code`, among the rest. */
  function writeError(before: string, error: Error, depth: number, around: Key): string {
    const { name, message, stack } = error;
    if (error.cause !== undefined || "errors" in error || typeof stack !== "string") throw TOO_HARD;
    if (typeof name !== "string" || typeof message !== "string") throw TOO_HARD;
    const known = `{"name":"${jsonText(longText(name))}","message":"${jsonText(longText(message))}","stack":"${stackText(longText(stack))}`;
    const rest = restOf(error);
    if (rest === undefined) return `${before + known}"}`;
    const text = writeFields(before + known, AFTER_TEXT, rest, depth + 1, around);
    return text + (place === AFTER_TEXT ? '"}' : "}");
  }

  function quickFields(given: object, isFirst: boolean): string {
    if (!isPlainObject(given)) throw TOO_HARD;
    const text = writeFields("", isFirst ? FIRST : AFTER_VALUE, given as Record<string, unknown>, 1, root);
    return place === AFTER_TEXT ? `${text}"` : text;
  }

  function fields(given: object, isFirst: boolean): string {
    if (!hasPaths) {
      left = LIMITS.values;
      room = LIMITS.total;
      try {
        return quickFields(given, isFirst);
      } catch {
        // Whatever it was, the thorough way says it.
      }
    }
    const text = thorough(given);
    if (text === "{}" || text === undefined) return "";
    return (isFirst ? "{" : ",") + (text.startsWith("{") ? text.slice(1, -1) : `"value":${text}`);
  }

  function value(given: unknown): string {
    if (!hasPaths) {
      left = LIMITS.values;
      room = LIMITS.total;
      try {
        return writeAlone("", given, 0, root);
      } catch {
        // As above.
      }
    }
    return thorough(given) ?? '"undefined"';
  }

  /** `undefined` for what JSON has no form for. Never throws. */
  function thorough(given: unknown): string | undefined {
    try {
      return JSON.stringify(plainValue(given, redactor));
    } catch (error) {
      return `"[Fields left out: ${jsonText(limited(messageOf(error)))}]"`;
    }
  }

  return { fields, value, redactor };
}

/** The fields that an error has besides those that all have; many set a `name` of their own. `undefined` for none. */
function restOf(error: Error): Record<string, unknown> | undefined {
  let rest: Record<string, unknown> | undefined;
  for (const name of Object.keys(error)) {
    if (KNOWN_OF_ERRORS.has(name)) continue;
    rest ??= Object.create(null) as Record<string, unknown>;
    rest[name] = (error as unknown as Record<string, unknown>)[name];
  }
  return rest;
}
