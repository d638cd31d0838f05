import { jsonText, SHORT } from "./escape.ts";
import { flat } from "./flat.ts";
import { type JsonWriter, LONGEST_KEY, MOST_KEYS } from "./json-writer.ts";
import { LIMITS, limited } from "./limits.ts";
import { areOwn, isPlainObject } from "./plain-object.ts";

/** What a value must not hold to stand without quotes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NEEDS_QUOTES = /[\u0000-\u0020"=\\\u007f-\u00a0\u2028\u2029\ud800-\udfff]/;
/** What a name must not hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const BAD_IN_NAME = /[\u0000-\u0020"=\u007f-\u00a0\u2028\u2029\ud800-\udfff]/g;
/** Controls that JSON leaves as they are. */
const LATE_CONTROL = /[\u007f-\u009f\u2028\u2029]/g;
/** The same, to look for the first only: takes less than to replace none. */
const HAS_LATE_CONTROL = /[\u007f-\u009f\u2028\u2029]/;

/** A text as logfmt has it: bare, or in quotes with JSON's escapes where blanks, quotes or controls ask for it. */
export function wordOf(text: string): string {
  if (isBare(text)) return text;
  return `"${jsonText(text).replace(LATE_CONTROL, escaped)}"`;
}

function isBare(text: string): boolean {
  const { length } = text;
  if (length >= SHORT) return !NEEDS_QUOTES.test(text);
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === 34 || code === 61 || code === 92 || code >= 127)
      return !NEEDS_QUOTES.test(text);
  }
  return length > 0;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** How a format has what isn't a plain text or number. */
export interface ValueStyle {
  /** JSON of an object or array. */
  nested(json: string): string;
  /** The name of a field. */
  nameOf(name: string): string;
}

/** JSON as it stands in a line for people: bare, but with no control that JSON leaves as it is. */
export function lineJson(json: string): string {
  return HAS_LATE_CONTROL.test(json) ? json.replace(LATE_CONTROL, escaped) : json;
}

/** A name with nothing in it that ends a name. */
export function lineName(name: string): string {
  return name.replace(BAD_IN_NAME, "_") || "_";
}

/** Thrown where there is more than a record may hold, or inherited fields; the thorough way copes with these. */
const TOO_HARD = Symbol("too hard");

/**
 * Hot path. Writes fields as ` key=value`, with a leading blank each. Objects and arrays are written as JSON.
 */
export function createValueWriter(writer: JsonWriter, style: ValueStyle): (fields: object) => string {
  const { redactor } = writer;
  /** ` key=`; the censor is in it already for keys that are secret. */
  const keys = new Map<string, { readonly text: string; readonly isRedacted: boolean }>();

  function keyOf(name: string) {
    const known = keys.get(name);
    if (known !== undefined) return known;
    const isRedacted = redactor?.isKey(name) ?? false;
    const text = ` ${style.nameOf(limited(name))}=`;
    const key = { text: flat(isRedacted ? text + wordOf(redactor!.censor) : text), isRedacted };
    if (name.length <= LONGEST_KEY && keys.size < MOST_KEYS) keys.set(name, key);
    return key;
  }

  function write(fields: Record<string, unknown>): string {
    let text = "";
    let left: number = LIMITS.values;
    let last: string | undefined;
    for (const name in fields) {
      last = name;
      const value = fields[name];
      if (value === undefined) continue;
      if (--left < 0 || text.length > LIMITS.total) throw TOO_HARD;
      const key = keyOf(name);
      if (key.isRedacted) text += key.text;
      else if (typeof value === "number" || typeof value === "boolean") text += key.text + value;
      else if (typeof value === "string" && value.length < 1000) text += key.text + wordOf(value);
      else text += key.text + unquoted(writer.value(value), style);
    }
    if (!areOwn(fields, last)) throw TOO_HARD;
    return text;
  }

  /** What the writer of JSON makes of them: masked already, and bounded. */
  function writePlain(fields: Record<string, unknown>): string {
    let text = "";
    for (const [name, value] of Object.entries(fields)) {
      const key = keyOf(name);
      text += key.isRedacted ? key.text : key.text + unquoted(JSON.stringify(value), style);
    }
    return text;
  }

  return (fields) => {
    try {
      if (redactor === undefined || !redactor.hasPaths) {
        if (isPlainObject(fields)) return write(fields as Record<string, unknown>);
      }
    } catch {
      // A getter threw, or it is too hard: the thorough way copes.
    }
    const json = writer.fields(fields, true);
    return json === "" ? "" : writePlain(JSON.parse(`${json}}`) as Record<string, unknown>);
  };
}

/** A value from its JSON: a text bare where it can be. */
function unquoted(json: string, style: ValueStyle): string {
  if (!json.startsWith('"')) return style.nested(json);
  const inner = json.slice(1, -1);
  return inner !== "" && !NEEDS_QUOTES.test(inner) ? inner : json.replace(LATE_CONTROL, escaped);
}
