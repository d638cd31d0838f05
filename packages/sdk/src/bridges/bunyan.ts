import { hostname } from "node:os";
import { isError } from "../format/error.ts";
import { levelFromNumber } from "../logger/level-numbers.ts";
import { fieldsExcept, isPlainObject } from "./fields.ts";
import { foreignError } from "./foreign-error.ts";
import { type BridgeOptions, openInlet } from "./inlet.ts";

/** A record of bunyan before it becomes JSON, as streams of type `raw` get it. */
export interface BunyanRecord {
  readonly name: string;
  readonly level: number;
  readonly msg: string;
  readonly time: Date | string;
  readonly [field: string]: unknown;
}

/** What `streams: [{ type: "raw", stream }]` wants. */
export interface BunyanStream {
  /** @param record a {@link BunyanRecord} */
  write(record: object): boolean;
}

const ERROR_KEYS = new Set(["name", "message", "stack", "cause"]);
const HOST = hostname();

/**
 * A raw stream for bunyan. The name of a bunyan is the name of the logger.
 *
 * @example
 * const log = bunyan.createLogger({
 *   name: "myapp.billing",
 *   streams: [{ type: "raw", level: "trace", stream: polylogStream() }],
 * });
 * log.warn({ orderId: 17 }, "card declined");
 */
export function polylogStream(options: BridgeOptions = {}): BunyanStream {
  const inlet = openInlet(options.polylog);
  return {
    write(given) {
      const record = given as BunyanRecord;
      const level = levelFromNumber("pino", record.level);
      const logger = String(record.name);
      if (!inlet.isEnabled(logger, level)) return true;
      const error = errorOf(record.err);
      inlet.emit({
        logger,
        level,
        message: String(record.msg),
        time: timeOf(record.time),
        error,
        metadata: fieldsExcept(record, (key) => isTold(record, key, error !== undefined)),
      });
      return true;
    },
  };
}

function isTold(record: BunyanRecord, key: string, hasError: boolean): boolean {
  switch (key) {
    case "name":
    case "level":
    case "msg":
    case "time":
    // Bunyan's version of its format says nothing about the record.
    case "v":
      return true;
    case "err":
      return hasError;
    case "pid":
      return record[key] === process.pid;
    case "hostname":
      return record[key] === HOST;
    default:
      return false;
  }
}

function timeOf(time: Date | string): number | undefined {
  const milliseconds = new Date(time).getTime();
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** An error, or what bunyan's serializer made of one: name, message, stack with causes, and code and signal. */
function errorOf(value: unknown): Error | undefined {
  if (isError(value)) return value;
  if (!isPlainObject(value) || typeof value.stack !== "string") return undefined;
  return foreignError({ ...value, fields: fieldsExcept(value, (key) => ERROR_KEYS.has(key)) });
}
