import { hostname } from "node:os";
import { type Level, toThreshold } from "../../logger/level.ts";
import { levelFromNumber } from "../../logger/level-numbers.ts";
import type { ForeignRecord } from "../../logger/record.ts";
import { fieldsExcept, isPlainObject } from "../fields.ts";
import { foreignError } from "../foreign-error.ts";

/** What pino's user may have named otherwise. */
export interface PinoKeys {
  /** @defaultValue "msg" */
  readonly messageKey?: string | undefined;
  /** @defaultValue "err" */
  readonly errorKey?: string | undefined;
  /** Levels of labels or numbers of the application's own: `{ audit: "warn", 35: "warn" }`. */
  readonly levels?: Readonly<Record<string, Level>> | undefined;
}

/** Asking for it is a system call. */
const HOST = hostname();

/**
 * The start of a line, which pino writes itself, before any field of the application: level (under whatever key), time,
 * and pid, host and name of its defaults. Only here can they be told from fields of the application that have the same
 * keys, as JSON.parse keeps the last of them.
 */
const HEAD =
  /^\{"([^"\\]{1,64})":(-?\d{1,16}|"[^"\\]{0,64}")(?:,"time":(\d{1,20}(?:\.\d{1,9})?|"[^"\\]{0,64}"))?(?:,"pid":\d{1,10})?(?:,"hostname":"[^"\\]{0,255}")?(?:,"name":"([^"\\]{0,255})")?/;

/** The start of a line; cheap, and all that the level gate needs. */
export interface LineHead {
  readonly levelKey: string;
  /** A number, or a label. */
  readonly level: string | number;
  readonly time: string | number | undefined;
  readonly name: string | undefined;
}

export function readHead(line: string): LineHead | undefined {
  const match = HEAD.exec(line);
  if (match === null) return undefined;
  return { levelKey: match[1]!, level: plain(match[2]!), time: match[3] && plain(match[3]), name: match[4] };
}

/** The value of a JSON number, or of a JSON string without escapes. */
function plain(json: string): string | number {
  return json.startsWith('"') ? json.slice(1, -1) : Number(json);
}

/** The level of a number or a label, as pino or its `formatters.level` wrote it. */
export function levelOf(value: unknown, levels: PinoKeys["levels"]): Level {
  if (typeof value !== "number" && typeof value !== "string") return "info";
  const own = levels !== undefined && Object.hasOwn(levels, value) ? levels[value] : undefined;
  if (own !== undefined) return own;
  if (typeof value === "number") return levelFromNumber("pino", value);
  const known = toThreshold(value);
  return known === undefined || known === "off" ? "info" : known;
}

/**
 * Makes a record of a line. A line that is no JSON object is the message of a record without fields.
 *
 * @param logger the name of the logger; a field `name` that says the same is left out
 */
export function readLine(
  line: string,
  head: LineHead | undefined,
  logger: string,
  level: Level,
  keys: PinoKeys,
): ForeignRecord {
  const fields = parseObject(line);
  if (fields === undefined) return { logger, level, message: line.trimEnd() };
  const { messageKey = "msg", errorKey = "err" } = keys;
  const told = new Set<string>();
  const message = fields[messageKey];
  if (message !== undefined) told.add(messageKey);
  const error = errorOf(fields[errorKey]);
  if (error !== undefined) told.add(errorKey);
  if (head !== undefined) {
    if (fields[head.levelKey] === head.level) told.add(head.levelKey);
    if (fields.time === head.time) told.add("time");
  }
  if (fields.name === logger) told.add("name");
  if (fields.pid === process.pid) told.add("pid");
  if (fields.hostname === HOST) told.add("hostname");
  return {
    logger,
    level,
    message: typeof message === "string" ? message : message === undefined ? "" : JSON.stringify(message),
    time: timeOf(head?.time),
    error,
    metadata: fieldsExcept(fields, told),
  };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds, which `stdTimeFunctions.unixTime` writes, are below it; milliseconds have been above it since 1973. */
const MOST_SECONDS = 1e11;

function timeOf(time: string | number | undefined): number | undefined {
  if (typeof time === "number") return time < MOST_SECONDS ? time * 1_000 : time;
  const parsed = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** Causes within causes that are read. */
const MOST_CAUSES = 10;

/** Keys that pino's serializer of errors writes. */
const ERROR_KEYS = new Set(["type", "name", "message", "stack", "cause", "aggregateErrors"]);

/** An error as pino's serializers write it; `undefined` when the value is something else. */
function errorOf(value: unknown, causes = 0): Error | undefined {
  if (!isPlainObject(value) || typeof value.message !== "string" || causes > MOST_CAUSES) return undefined;
  const { type, name, message, stack, cause, aggregateErrors } = value;
  if (typeof type !== "string" && typeof stack !== "string") return undefined;
  const inner = Array.isArray(aggregateErrors)
    ? aggregateErrors.map((each: unknown) => errorOf(each, causes + 1) ?? each)
    : undefined;
  return foreignError({
    name: type ?? name,
    message,
    stack,
    cause: errorOf(cause, causes + 1) ?? cause,
    errors: inner,
    fields: fieldsExcept(value, ERROR_KEYS),
  });
}
