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

/** A field that fills a role, until a surer one comes. */
interface Holder {
  readonly name: string;
  readonly value: Leaf;
  readonly rank: number;
}

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
  readonly #clock: Clock;
  readonly #draft = newDraft();
  readonly #holders: (Holder | undefined)[] = new Array(ROLES.length).fill(undefined);
  #dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
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
    if (this.#holder("body") === undefined) draft.body = exceptionMessage(draft) ?? line;
    if (this.#dropped > 0) draft.attributes.push("polylog.dropped_attributes", String(this.#dropped));
    return draft;
  }

  #fill({ role, index, rank }: Meaning, name: string, value: Leaf): boolean {
    const before = this.#holders[index];
    if (before !== undefined && before.rank <= rank) return false;
    if (value === "" || !FILL[role](this.#draft, value, name, this.#clock)) return false;
    if (before !== undefined) this.#attribute(before.name, before.value);
    this.#holders[index] = { name, value, rank };
    return true;
  }

  #holder(role: Role): Holder | undefined {
    return this.#holders[ROLES.indexOf(role)];
  }

  #attribute(name: string, value: Leaf): void {
    if (name === "" || this.#draft.attributes.length >= 2 * MAX_ATTRIBUTES) this.#dropped++;
    else this.#draft.attributes.push(name, typeof value === "string" ? value : String(value));
  }

  /** `name` is a logger beside a level (pino, bunyan, Python); elsewhere it is anybody's name. */
  #settleLogger(): void {
    const holder = this.#holder("logger");
    if (holder?.name === "name" && this.#draft.severityNumber === 0) {
      this.#draft.logger = "";
      this.#attribute(holder.name, holder.value);
    }
  }

  /** `text` is our own line beside our own JSON, and holds the application's name; elsewhere it is a text. */
  #settleUnified(): void {
    const holder = this.#holder("unifiedText");
    if (holder === undefined) return;
    const line = this.#draft.runtime === "" ? undefined : parseUnified(String(holder.value), this.#clock);
    if (line !== undefined) this.#draft.service ||= line.service;
    else if (this.#holder("body") === undefined) {
      this.#draft.body = String(holder.value);
      this.#holders[ROLES.indexOf("body")] = holder;
    } else this.#attribute(holder.name, holder.value);
  }

  /** A stack names its type and message when no field does. */
  #settleException(): void {
    const stack = this.#holder("stack")?.value;
    const message = this.#holder("exceptionMessage")?.value;
    const type = this.#holder("exceptionType")?.value;
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
    const number = Number(value);
    if (!Number.isNaN(number) && typeof value !== "boolean") {
      // HTTP's `status: 200` is no level, nor is a work item's `priority: 3` (journald's is in capitals).
      if (name === "status" || name === "priority" || name === "s") return false;
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

function timeOf(value: Leaf, clock: Clock): bigint | undefined {
  if (typeof value === "boolean") return undefined;
  const epoch = epochTime(value);
  if (epoch !== undefined || typeof value === "number") return epoch;
  const text = value.trim();
  const time = scanTime(text, 0, clock);
  return time?.end === text.length ? time.nanoseconds : undefined;
}
