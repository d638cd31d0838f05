import { isUtf8 } from "node:buffer";
import { hashOf, hashStep } from "../../byte-hash.ts";
import { ByteLogRecord, SPAN_ATTRIBUTE, SPAN_HEAD, type Spans } from "../../record/byte-log-record.ts";
import { newDraft } from "../format.ts";
import type { RecordBuilder } from "../record-builder.ts";
import { setSeverity, setSeverityWord, severityOfNumber } from "../severity-text.ts";
import type { Clock } from "../time/clock.ts";
import { ByteTable, beginsWith, type Known, textOf } from "./byte-table.ts";
import { NO_NUMBERS, timeOf } from "./fields.ts";
import { endOfPlainNumber } from "./plain-number.ts";
import { PlainTimeReader } from "./plain-time.ts";
import { type Meaning, meaningOf } from "./roles.ts";

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const SPACE = 32;
const TAB = 9;

/** Fields of a line that are read here. */
const MOST_FIELDS = 64;
/** Bytes of a name. */
const MOST_NAME = 128;
/** Bytes of a service, a host, a logger or a level. */
const MOST_SHARED = 256;
/** Numbers of a list of spans, of which many records share one. */
const SPANS = 1 << 14;
const SPANS_A_LINE = SPAN_HEAD + MOST_FIELDS * SPAN_ATTRIBUTE;

type Kind = "text" | "number" | "word";

/** The words of JSON that are values. */
const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const NULL = Buffer.from("null");

/** The name of a field. */
interface Name {
  readonly text: string;
  readonly meaning: Meaning | undefined;
  /** Whether it may be an attribute's here. */
  readonly isPlain: boolean;
  /** The last line that it was seen in. */
  seenIn: number;
  /** The name that stood behind it then. */
  next: Known<Name> | undefined;
}

interface Level {
  readonly number: number;
  readonly text: string;
}

// For all readers: programs write the same again and again.
const NAMES = new ByteTable<Name>((text) => ({
  text,
  meaning: meaningOf(text),
  // Nameless; our own programs' exact records; numbers, which JavaScript puts first.
  isPlain: text !== "" && text !== "polylog" && !/^\d/.test(text),
  seenIn: 0,
  next: undefined,
}));
const TEXTS = new ByteTable((text) => text);
const LEVEL_WORDS = new ByteTable<Level | undefined>((text) => {
  const draft = newDraft();
  const isLevel = /^[A-Za-z]/.test(text) && setSeverityWord(draft, text.trim());
  return isLevel ? { number: draft.severityNumber, text: draft.severityText } : undefined;
});
const LEVEL_NUMBERS = new ByteTable<Level | undefined>((text) => {
  const draft = newDraft();
  setSeverity(draft, severityOfNumber(Number(text)));
  return draft.severityNumber > 0 ? { number: draft.severityNumber, text: draft.severityText } : undefined;
});
const NO_LEVEL: Level = { number: 0, text: "" };
const PID = "process.pid";
/** Stands for where a text begins that the record doesn't have. */
const NOWHERE = -1;
/** Counts lines, to see whether a name comes twice in one. */
let lines = 0;

/**
 * Hot path. Reads the lines of JSON that most programs write nearly always: one object of texts without escapes, plain
 * numbers, `true` and `false`, with one field for each part of the record. All others are left to `draftOfObject`, which
 * gives the same record for the same line, at several times the cost. Bench: `intake`.
 *
 * @example
 * const reader = new PlainLineReader(new RecordBuilder(), clock, now);
 * reader.read(bytes, 0, bytes.length)?.body;
 */
export class PlainLineReader {
  readonly #builder: RecordBuilder;
  readonly #clock: Clock;
  readonly #observed: bigint;
  readonly #observedMilliseconds: number;
  readonly #observedNanoseconds: number;
  readonly #time = new PlainTimeReader();
  #spans: Spans = new Int32Array(SPANS);
  /** Numbers of `#spans` that are other records'. */
  #used = 0;
  /** What stood first in the last line. */
  #first: Known<Name> | undefined;

  // Of the line that is being read.
  #bytes: Uint8Array = new Uint8Array(0);
  #place = 0;
  #names: string[] = [];
  #filled = 0;
  #milliseconds = 0;
  #nanoseconds = 0;
  #service = "";
  #host = "";
  #logger = "";
  #isLoggerByName = false;
  #level: Level = NO_LEVEL;

  /** @param observed when records are seen, and the time of those that tell none; nanoseconds since 1970 */
  constructor(builder: RecordBuilder, clock: Clock, observed: bigint) {
    this.#builder = builder;
    this.#clock = clock;
    this.#observed = observed;
    this.#observedMilliseconds = Number(observed / 1_000_000n);
    this.#observedNanoseconds = Number(observed % 1_000_000n);
  }

  /**
   * The record of the line from `from` up to but not including `to`; undefined when the line is not as plain as that. It
   * lies in the same bytes, or a copy.
   */
  read(bytes: Uint8Array, from: number, to: number): ByteLogRecord | undefined {
    // A control character behind the line ends whatever is read: so nothing need look for the line's end, and nothing
    // reads beyond the array, which would make each look at a byte several times as slow from then on.
    if (to < bytes.length && (bytes[to] as number) < SPACE) return this.#read(bytes, from, to);
    const copy = new Uint8Array(to - from + 1);
    copy.set(bytes.subarray(from, to));
    return this.#read(copy, 0, to - from);
  }

  #read(bytes: Uint8Array, from: number, to: number): ByteLogRecord | undefined {
    let at = skipBlanks(bytes, from);
    if (bytes[at] !== OPEN) return undefined;
    at++;
    this.#begin(bytes);
    /** All bytes of texts together: whether there is any beyond ASCII. */
    let seen = 0;
    let next = this.#first;
    let last: Name | undefined;
    for (let field = 0; field < MOST_FIELDS; field++) {
      at = skipBlanks(bytes, at);
      if (bytes[at] !== QUOTE) return undefined;
      at++;
      let known = next;
      if (
        known !== undefined &&
        beginsWith(bytes, at, known.bytes) &&
        bytes[at + known.bytes.length] === QUOTE
      ) {
        at += known.bytes.length + 1;
      } else {
        const nameFrom = at;
        let hash = 0;
        let byte = bytes[at] as number;
        while (byte !== QUOTE) {
          if (byte === BACKSLASH || byte < SPACE || byte > 0x7f) return undefined;
          hash = hashStep(hash, byte);
          byte = bytes[++at] as number;
        }
        if (at - nameFrom > MOST_NAME) return undefined;
        known = NAMES.find(bytes, nameFrom, at, hash);
        if (known === undefined) return undefined;
        if (last === undefined) this.#first = known;
        else last.next = known;
        at++;
      }
      const name = known.value;
      at = skipBlanks(bytes, at);
      if (bytes[at] !== COLON || name.seenIn === lines) return undefined;
      name.seenIn = lines;
      last = name;
      next = name.next;
      at = skipBlanks(bytes, at + 1);
      let byte = bytes[at] as number;
      if (byte === QUOTE) {
        const valueFrom = ++at;
        byte = bytes[at] as number;
        while (byte !== QUOTE) {
          if (byte === BACKSLASH || byte < SPACE) return undefined;
          seen |= byte;
          byte = bytes[++at] as number;
        }
        if (!this.#take(name, "text", valueFrom, at)) return undefined;
        at++;
      } else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
        const end = endOfPlainNumber(bytes, at);
        if (end === 0 || !this.#take(name, "number", at, end)) return undefined;
        at = end;
      } else if (beginsWith(bytes, at, NULL)) {
        at += NULL.length;
      } else {
        const end = beginsWith(bytes, at, TRUE) ? at + 4 : beginsWith(bytes, at, FALSE) ? at + 5 : 0;
        if (end === 0 || !this.#take(name, "word", at, end)) return undefined;
        at = end;
      }
      at = skipBlanks(bytes, at);
      byte = bytes[at++] as number;
      if (byte === CLOSE) {
        if (skipBlanks(bytes, at) !== to) return undefined;
        return seen < 0x80 || isUtf8(bytes.subarray(from, to)) ? this.#finish() : undefined;
      }
      if (byte !== COMMA) return undefined;
    }
    return undefined;
  }

  #begin(bytes: Uint8Array): void {
    lines++;
    this.#bytes = bytes;
    if (this.#used + SPANS_A_LINE > SPANS) {
      this.#spans = new Int32Array(SPANS);
      this.#used = 0;
    }
    const spans = this.#spans;
    const at = this.#used;
    spans[at] = NOWHERE;
    spans[at + 2] = NOWHERE;
    spans[at + 3] = NOWHERE;
    this.#place = at + SPAN_HEAD;
    this.#names = [];
    this.#filled = 0;
    this.#milliseconds = this.#observedMilliseconds;
    this.#nanoseconds = this.#observedNanoseconds;
    this.#service = "";
    this.#host = "";
    this.#logger = "";
    this.#isLoggerByName = false;
    this.#level = NO_LEVEL;
  }

  /** Takes a field; false when it is one that is not read here. */
  #take(name: Name, kind: Kind, from: number, to: number): boolean {
    const { meaning, text, isPlain } = name;
    if (meaning === undefined) return isPlain && this.#attribute(text, from, to);
    // A second field for a part of the record: which one it is depends on their names.
    const bit = 1 << meaning.index;
    if ((this.#filled & bit) !== 0 || from === to) return false;
    this.#filled |= bit;
    const bytes = this.#bytes;
    const spans = this.#spans;
    const at = this.#used;
    switch (meaning.role) {
      case "time":
        return this.#takeTime(kind, from, to);
      case "severity": {
        if (kind === "word" || (kind === "number" && NO_NUMBERS.has(text))) return false;
        const level = lookUp(kind === "text" ? LEVEL_WORDS : LEVEL_NUMBERS, bytes, from, to);
        this.#level = level ?? NO_LEVEL;
        return level !== undefined;
      }
      case "body":
        spans[at] = from;
        spans[at + 1] = to;
        return true;
      case "logger":
        this.#logger = kind === "text" ? (lookUp(TEXTS, bytes, from, to) ?? "") : "";
        this.#isLoggerByName = text === "name";
        return this.#logger !== "";
      case "service":
        this.#service = kind === "text" ? (lookUp(TEXTS, bytes, from, to) ?? "") : "";
        return this.#service !== "";
      case "host":
        this.#host = kind === "text" ? (lookUp(TEXTS, bytes, from, to) ?? "") : "";
        return this.#host !== "";
      case "traceId":
        spans[at + 2] = from;
        return kind === "text" && isId(bytes, from, to, 32);
      case "spanId":
        spans[at + 3] = from;
        return kind === "text" && isId(bytes, from, to, 16);
      case "pid":
        return kind === "number" && isWhole(bytes, from, to) && this.#attribute(PID, from, to);
      default:
        return false;
    }
  }

  #attribute(name: string, from: number, to: number): true {
    const spans = this.#spans;
    const place = this.#place;
    spans[place] = from;
    spans[place + 1] = to;
    this.#place = place + SPAN_ATTRIBUTE;
    this.#names.push(name);
    return true;
  }

  #takeTime(kind: Kind, from: number, to: number): boolean {
    if (kind === "word") return false;
    if (kind === "text" && this.#time.read(this.#bytes, from, to)) {
      this.#milliseconds = this.#time.milliseconds;
      this.#nanoseconds = this.#time.nanoseconds;
      return true;
    }
    const text = textOf(this.#bytes, from, to);
    const time = timeOf(kind === "number" ? Number(text) : text, this.#clock);
    if (time === undefined) return false;
    this.#milliseconds = Number(time / 1_000_000n);
    this.#nanoseconds = Number(time % 1_000_000n);
    return true;
  }

  #finish(): ByteLogRecord | undefined {
    const at = this.#used;
    const spans = this.#spans;
    if (spans[at] === NOWHERE) return undefined;
    // Without a level, `name` is anybody's.
    if (this.#isLoggerByName && this.#level === NO_LEVEL) return undefined;
    this.#used = this.#place;
    return new ByteLogRecord({
      bytes: this.#bytes,
      spans,
      at,
      names: this.#names,
      milliseconds: this.#milliseconds,
      nanoseconds: this.#nanoseconds,
      observedTimestamp: this.#observed,
      severityNumber: this.#level.number,
      severityText: this.#level.text,
      resource: this.#builder.resource(this.#service, this.#host, ""),
      scope: this.#builder.scope(this.#logger),
    });
  }
}

/** What a text that comes again and again means; undefined when it is too long for that, or means nothing. */
function lookUp<T>(table: ByteTable<T>, bytes: Uint8Array, from: number, to: number): T | undefined {
  return to - from > MOST_SHARED ? undefined : table.find(bytes, from, to, hashOf(bytes, from, to))?.value;
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at] as number; byte === SPACE || byte === TAB; byte = bytes[at] as number) at++;
  return at;
}

function isWhole(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at] as number) < ZERO) return false;
  return true;
}

/** Lower-case hex digits, not all of them zero: as most ids are written. */
function isId(bytes: Uint8Array, from: number, to: number, digits: number): boolean {
  if (to - from !== digits) return false;
  let isZero = true;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (!((byte >= ZERO && byte <= NINE) || (byte >= 97 && byte <= 102))) return false;
    if (byte !== ZERO) isZero = false;
  }
  return !isZero;
}
