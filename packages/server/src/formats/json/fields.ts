import { runtimeOf } from "../../record/resource.ts";
import { type Draft, newDraft } from "../format.ts";
import { datadogIdOf, spanIdOf, traceIdOf } from "../ids.ts";
import { exceptionOfStack } from "../lines/exception.ts";
import { setSeverity, setSeverityWord, severityOfNumber, severityOfPython } from "../severity-text.ts";
import type { Clock } from "../time/clock.ts";
import { epochTime } from "../time/epoch.ts";
import { scanTime } from "../time/scan.ts";
import { parseUnified } from "../unified.ts";
import { type Meaning, meaningOf, ROLES, type Role } from "./roles.ts";

/** Attributes kept of one record, as with every other receiver; the rest is counted. */
const MAX_ATTRIBUTES = 1024;
/** Characters of an attribute's name; one that nesting makes longer is counted, not kept. */
const MAX_NAME = 1024;

/** A single value: texts keep all digits of numbers that JavaScript would round. */
export type Leaf = string | number | boolean;

/** Above every rank: nothing fills the role. */
const NO_RANK = 255;

const BODY = ROLES.indexOf("body");
const LOGGER = ROLES.indexOf("logger");
const UNIFIED_TEXT = ROLES.indexOf("unifiedText");
const STACK = ROLES.indexOf("stack");
const EXCEPTION_MESSAGE = ROLES.indexOf("exceptionMessage");
const EXCEPTION_TYPE = ROLES.indexOf("exceptionType");

/** Other words in a field such as `system` (Polylog's own) are no runtime. */
const RUNTIMES: ReadonlySet<string> = new Set([
  "node",
  "rust",
  "python",
  "go",
  "java",
  "ruby",
  "php",
  "dotnet",
  "browser",
]);

/**
 * Hot path. Takes the fields of one record one by one, under whatever names they come, and makes a draft of
 * them: a field that means something and has a value that can mean it fills its part of the record, every
 * other one is an attribute.
 *
 * @example
 * const fields = new FieldReader(clock);
 * fields.add("level", 30);
 * fields.add("msg", "ready");
 * fields.finish().severityText; // "INFO"
 */
export class FieldReader {
  #clock: Clock;
  #draft = newDraft();
  /** Of the field that fills a role until a surer one comes: its rank, or {@link NO_RANK}; its name; its value. */
  readonly #ranks = new Uint8Array(ROLES.length).fill(NO_RANK);
  readonly #names: string[] = new Array(ROLES.length).fill("");
  readonly #values: Leaf[] = new Array(ROLES.length).fill("");
  #dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins the next record: a reader may be used for many, one after the other. */
  begin(clock: Clock): void {
    this.#clock = clock;
    this.#draft = newDraft();
    this.#ranks.fill(NO_RANK);
    this.#dropped = 0;
  }

  add(name: string, value: Leaf): void {
    if (name.length > MAX_NAME) {
      this.#dropped++;
      return;
    }
    const meaning = meaningOf(name);
    if (meaning === undefined || !this.#fill(meaning, name, value)) this.#attribute(name, value);
  }

  /** The draft; `line` stands for the body when no field does. */
  finish(line = ""): Draft {
    const draft = this.#draft;
    this.#settleLogger();
    this.#settleUnified();
    this.#settleException();
    if (!this.#isFilled(BODY)) draft.body = exceptionMessage(draft) ?? line;
    if (this.#dropped > 0) draft.attributes.push("polylog.dropped_attributes", String(this.#dropped));
    return draft;
  }

  #fill({ role, index, rank }: Meaning, name: string, value: Leaf): boolean {
    const before = this.#ranks[index] as number;
    if (before <= rank) return false;
    if (value === "" || !FILL[role](this.#draft, value, name, this.#clock)) return false;
    if (before !== NO_RANK) this.#attribute(this.#names[index] as string, this.#values[index] as Leaf);
    this.#ranks[index] = rank;
    this.#names[index] = name;
    this.#values[index] = value;
    return true;
  }

  #isFilled(index: number): boolean {
    return this.#ranks[index] !== NO_RANK;
  }

  #value(index: number): Leaf | undefined {
    return this.#isFilled(index) ? this.#values[index] : undefined;
  }

  #attribute(name: string, value: Leaf): void {
    if (name === "" || this.#draft.attributes.length >= 2 * MAX_ATTRIBUTES) this.#dropped++;
    else this.#draft.attributes.push(name, typeof value === "string" ? value : String(value));
  }

  /** `name` is a logger beside a level (pino, bunyan, Python); elsewhere it is anybody's name. */
  #settleLogger(): void {
    if (!this.#isFilled(LOGGER) || this.#names[LOGGER] !== "name" || this.#draft.severityNumber !== 0) return;
    this.#draft.logger = "";
    this.#attribute("name", this.#values[LOGGER] as Leaf);
  }

  /** `text` is our own line beside our own JSON, and holds the application's name; elsewhere it is a text. */
  #settleUnified(): void {
    const value = this.#value(UNIFIED_TEXT);
    if (value === undefined) return;
    const line = this.#draft.runtime === "" ? undefined : parseUnified(String(value), this.#clock);
    if (line !== undefined) this.#draft.service ||= line.service;
    else if (this.#isFilled(BODY)) this.#attribute(this.#names[UNIFIED_TEXT] as string, value);
    else {
      this.#draft.body = String(value);
      this.#ranks[BODY] = 0;
    }
  }

  /** A stack names its type and message when no field does. */
  #settleException(): void {
    const stack = this.#value(STACK);
    const message = this.#value(EXCEPTION_MESSAGE);
    const type = this.#value(EXCEPTION_TYPE);
    if (stack === undefined && message === undefined && type === undefined) return;
    const text = String(stack ?? "");
    const isStack = stack === undefined && typeof message === "string" && message.includes("\n");
    const parsed = exceptionOfStack(isStack ? message : text);
    const attributes = this.#draft.attributes;
    const finalType = type ?? parsed?.type;
    if (finalType !== undefined) attributes.push("exception.type", String(finalType));
    const finalMessage = isStack ? parsed?.message : (message ?? parsed?.message);
    if (finalMessage !== undefined && finalMessage !== "")
      attributes.push("exception.message", String(finalMessage));
    if (isStack) attributes.push("exception.stacktrace", message);
    else if (text !== "") attributes.push("exception.stacktrace", text);
  }
}

function exceptionMessage(draft: Draft): string | undefined {
  const at = draft.attributes.indexOf("exception.message");
  return at >= 0 && at % 2 === 0 ? draft.attributes[at + 1] : undefined;
}

/** Puts a value into its part of the record; false when the value can't mean that. */
type Fill = (draft: Draft, value: Leaf, name: string, clock: Clock) => boolean;

const isText = (value: Leaf): value is string => typeof value === "string";

/** Of a text that isn't empty. The test of a number in text is slow, and most levels are words. */
function startsWithDigit(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first >= 48 && first <= 57) || first <= 32 || first === 43 || first === 45 || first === 46;
}

/**
 * Names of levels that are words only: HTTP's `status: 200` is no level, nor is a work item's `priority: 3` (journald's is in
 * capitals).
 */
export const NO_NUMBERS: ReadonlySet<string> = new Set(["status", "priority", "s"]);
/** For the roles that are settled when all fields are known. */
const hold: Fill = (_draft, value) => typeof value !== "boolean";

const FILL: Readonly<Record<Role, Fill>> = {
  time(draft, value, _name, clock) {
    const time = timeOf(value, clock);
    if (time === undefined) return false;
    draft.timestamp = time;
    return true;
  },
  severityNumber(draft, value) {
    const number = Number(value);
    if (!Number.isInteger(number) || number < 1 || number > 24) return false;
    draft.severityNumber = number;
    if (draft.severityText === "") setSeverity(draft, number);
    return true;
  },
  severity(draft, value, name) {
    if (isText(value) && !startsWithDigit(value)) return setSeverityWord(draft, value.trim());
    const number = Number(value);
    if (!Number.isNaN(number) && typeof value !== "boolean") {
      if (NO_NUMBERS.has(name)) return false;
      const severity = severityOfNumber(number);
      if (severity === 0) return false;
      setSeverity(draft, severity);
      return true;
    }
    return isText(value) && setSeverityWord(draft, value.trim());
  },
  pythonLevel(draft, value) {
    const severity = severityOfPython(Number(value));
    if (severity === 0) return false;
    if (draft.severityNumber === 0) setSeverity(draft, severity);
    return true;
  },
  body(draft, value) {
    draft.body = String(value);
    return true;
  },
  logger(draft, value) {
    if (!isText(value) || value.length > 256) return false;
    draft.logger = value;
    return true;
  },
  traceId(draft, value) {
    const id = isText(value) ? traceIdOf(value) : undefined;
    if (id === undefined) return false;
    draft.traceId = id;
    return true;
  },
  spanId(draft, value) {
    const id = isText(value) ? spanIdOf(value) : undefined;
    if (id === undefined) return false;
    draft.spanId = id;
    return true;
  },
  traceFlags(draft, value) {
    const flags = isText(value) ? Number.parseInt(value, 16) : Number(value);
    if (!Number.isInteger(flags) || flags < 0 || flags > 255 || String(value).length > 3) return false;
    draft.traceFlags = flags;
    return true;
  },
  traceSampled(draft, value) {
    const isSampled = value === true || value === "true" || value === "True";
    if (isSampled) draft.traceFlags |= 1;
    return isSampled;
  },
  datadogTraceId(draft, value, name) {
    const id = datadogIdOf(String(value))?.padStart(32, "0") ?? traceIdOf(String(value));
    if (id === undefined) return false;
    draft.traceId ||= id;
    // Datadog's own pages show the decimal number: people search for it.
    draft.attributes.push(name, String(value));
    return true;
  },
  datadogSpanId(draft, value, name) {
    const id = datadogIdOf(String(value)) ?? spanIdOf(String(value));
    if (id === undefined) return false;
    draft.spanId ||= id;
    draft.attributes.push(name, String(value));
    return true;
  },
  service(draft, value) {
    if (!isText(value) || value.length > 256) return false;
    draft.service = value;
    return true;
  },
  host(draft, value) {
    if (!isText(value) || value.length > 256) return false;
    draft.host = value;
    return true;
  },
  runtime(draft, value) {
    if (!isText(value)) return false;
    const runtime = runtimeOf(value);
    if (!RUNTIMES.has(runtime)) return false;
    draft.runtime = runtime;
    return true;
  },
  pid(draft, value) {
    const pid = Number(value);
    if (!Number.isInteger(pid) || pid < 0) return false;
    draft.attributes.push("process.pid", String(value));
    return true;
  },
  eventName(draft, value) {
    if (!isText(value)) return false;
    draft.eventName = value;
    return true;
  },
  stack: hold,
  exceptionType: hold,
  exceptionMessage: hold,
  unifiedText: hold,
};

/** The time that a value shows, nanoseconds since 1970; undefined when it shows none. */
export function timeOf(value: Leaf, clock: Clock): bigint | undefined {
  if (typeof value === "boolean") return undefined;
  const epoch = epochTime(value);
  if (epoch !== undefined || typeof value === "number") return epoch;
  const text = value.trim();
  const time = scanTime(text, 0, clock);
  return time?.end === text.length ? time.nanoseconds : undefined;
}
