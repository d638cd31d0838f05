import { hostname } from "node:os";
import { type Level, toThreshold } from "../../logger/level.ts";
import { levelFromNumber } from "../../logger/level-numbers.ts";
import type { ForeignRecord } from "../../logger/record.ts";
import { fieldsExcept, isPlainObject } from "../fields.ts";
import { foreignError } from "../foreign-error.ts";
import type { LineHead } from "./head.ts";

/** What pino's user may have named otherwise. */
export interface PinoKeys {
  /** @defaultValue "msg" */
  readonly messageKey?: string | undefined;
  /** @defaultValue "err" */
  readonly errorKey?: string | undefined;
  /** Levels of labels or numbers of the application's own: `{ audit: "warn", 35: "warn" }`. */
  readonly levels?: Readonly<Record<string, Level>> | undefined;
}

/** Asking for it each time would be a system call each time. */
const HOST = hostname();

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
  const message = fields[messageKey];
  const error = errorOf(fields[errorKey]);
  const metadata = fieldsExcept(fields, (key) => {
    if (key === messageKey) return true;
    if (key === errorKey) return error !== undefined;
    const value = fields[key];
    if (key === head?.levelKey) return value === head.level;
    switch (key) {
      case "time":
        return value === head?.time;
      case "name":
        return value === logger;
      case "pid":
        return value === process.pid;
      case "hostname":
        return value === HOST;
      default:
        return false;
    }
  });
  return { logger, level, message: textOf(message), time: timeOf(head?.time), error, metadata };
}

function textOf(message: unknown): string {
  if (typeof message === "string") return message;
  return message === undefined ? "" : JSON.stringify(message);
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
    fields: fieldsExcept(value, (key) => ERROR_KEYS.has(key)),
  });
}
