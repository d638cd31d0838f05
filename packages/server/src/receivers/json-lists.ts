import { PolylogError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "../formats/json/json.ts";
import { parseJson } from "../formats/json/json-text.ts";

/** Bytes of one element, and of what is beside the lists: parsing that many takes some milliseconds. */
const MAX_PARSED_BYTES = 1 << 20;
/** Bytes of a body that is parsed as a whole: that is the quickest, and takes no longer than anybody's turn. */
const WHOLE_BYTES = 512 << 10;
/** Bytes between two turns of others, as `DecodedRecords` has them: many of these make one. */
const BYTES_PER_STEP = 4096;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A JSON text whose long lists are taken out of it, to be parsed one element at a time. */
export interface JsonLists {
  /** The object without those lists; empty where the text is a list itself. */
  readonly rest: JsonObject;
  /**
   * The lists' elements, for {@link parseElement}, by the list's name; by "" where the text is a list itself. Each is
   * its text, or what it is where it has been parsed already.
   */
  readonly lists: ReadonlyMap<string, readonly unknown[]>;
}

/**
 * Hot path. Takes the elements out of lists of a JSON object, or of a JSON list, without parsing them: one
 * `JSON.parse` of a batch would hold everybody else up, and a bad element would spoil the good ones. Gives
 * `undefined` now and then while it looks, which is when others get their turn.
 *
 * @param names the object's lists to take apart
 * @param wholeBytes up to this size it is parsed as a whole, unless that fails
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST` when it is no object or list, or is not closed; `POLYLOG_E_TOO_LARGE`
 *   when more than 1 MiB is left of it beside the lists
 * @example
 * const { rest, lists } = yield* takeLists(body, new Set(["events"]));
 */
export function* takeLists(
  bytes: Buffer,
  names: ReadonlySet<string>,
  wholeBytes = WHOLE_BYTES,
): Generator<undefined, JsonLists> {
  const whole = bytes.length > wholeBytes ? undefined : parseWhole(bytes, names);
  if (whole !== undefined) return whole;
  const lists = new Map<string, Buffer[]>();
  const restParts: Buffer[] = [];
  let at = skipBlanks(bytes, bytes[0] === 0xef ? 3 : 0); // UTF-8 may announce itself
  let kept = at;
  const first = bytes[at];
  if (first !== OPEN_OBJECT && first !== OPEN_LIST) throw notJson("it begins neither an object nor a list");

  /** The list that is being taken apart. */
  let list: Buffer[] | undefined;
  let listDepth = 0;
  let start = -1;
  let depth = 0;
  let key = "";
  let nextStep = at + BYTES_PER_STEP;
  for (; at < bytes.length; at++) {
    if (at >= nextStep) {
      nextStep = at + BYTES_PER_STEP;
      yield;
    }
    const c = bytes[at]!;
    if (c <= 32) continue;
    if (c === COMMA || c === CLOSE_LIST || c === CLOSE_OBJECT) {
      if (list !== undefined && depth === listDepth) {
        if (start >= 0) list.push(trimmed(bytes, start, at));
        start = -1;
        if (c !== COMMA) list = undefined;
        if (list === undefined) kept = at;
      }
      if (c !== COMMA && --depth === 0) break;
      continue;
    }
    if (list !== undefined && depth === listDepth && start < 0) start = at;
    if (c === QUOTE) {
      const end = endOfString(bytes, at);
      if (depth === 1 && first === OPEN_OBJECT) key = bytes.toString("utf8", at + 1, end);
      at = end;
    } else if (c === OPEN_OBJECT) depth++;
    else if (c === OPEN_LIST) {
      depth++;
      const name = first === OPEN_LIST ? "" : key;
      const isTaken =
        list === undefined && depth === (name === "" ? 1 : 2) && (name === "" || names.has(name));
      if (isTaken && (first === OPEN_LIST || isBehindColon(bytes, at))) {
        restParts.push(bytes.subarray(kept, at + 1));
        list = lists.get(name) ?? [];
        lists.set(name, list);
        listDepth = depth;
      }
    }
  }
  if (depth > 0 || at >= bytes.length) throw notJson("it is not closed");
  if (skipBlanks(bytes, at + 1) < bytes.length) throw notJson("there is more behind its end");
  restParts.push(bytes.subarray(kept));
  return { rest: first === OPEN_LIST ? {} : parseRest(Buffer.concat(restParts)), lists };
}

/**
 * The object that an element is, or `undefined` when it is none or too large to be parsed in one go.
 *
 * @example
 * const event = parseElement(element);
 * if (event === undefined) yield null;
 */
export function parseElement(element: unknown): JsonObject | undefined {
  if (!(element instanceof Buffer)) return isJsonObject(element) ? element : undefined;
  if (element.length > MAX_PARSED_BYTES) return undefined;
  try {
    const value = parseJson(element.toString("utf8"));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `undefined` when it is not JSON: what is good in it may still be found. */
function parseWhole(bytes: Buffer, names: ReadonlySet<string>): JsonLists | undefined {
  let value: unknown;
  try {
    value = parseJson(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) return { rest: {}, lists: new Map([["", value]]) };
  if (!isJsonObject(value)) return undefined;
  const rest: Record<string, unknown> = { ...value };
  const lists = new Map<string, readonly unknown[]>();
  for (const name of names) {
    const list = value[name];
    if (!Array.isArray(list)) continue;
    lists.set(name, list);
    rest[name] = [];
  }
  return { rest, lists };
}

function parseRest(rest: Buffer): JsonObject {
  if (rest.length > MAX_PARSED_BYTES) {
    throw new PolylogError(
      "POLYLOG_E_TOO_LARGE",
      `The body holds more than ${MAX_PARSED_BYTES} bytes beside its records`,
    );
  }
  try {
    return parseJson(rest.toString("utf8")) as JsonObject;
  } catch (error) {
    throw notJson((error as Error).message.slice(0, 200));
  }
}

function notJson(why: string): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `The body is not the JSON that was expected: ${why}`);
}

function trimmed(bytes: Buffer, start: number, end: number): Buffer {
  let last = end;
  while (last > start && bytes[last - 1]! <= 32) last--;
  return bytes.subarray(start, last);
}

function isBehindColon(bytes: Buffer, at: number): boolean {
  let before = at - 1;
  while (before > 0 && bytes[before]! <= 32) before--;
  return bytes[before] === COLON;
}

function skipBlanks(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at]! <= 32) at++;
  return at;
}

/** Where the string that begins at `start` has its closing quote; the end of the bytes when it has none. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const c = bytes[at];
    if (c === QUOTE) return at;
    if (c === BACKSLASH) at++;
  }
  return bytes.length;
}
