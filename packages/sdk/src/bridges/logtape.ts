import { format } from "node:util";
import { isError } from "../format/error.ts";
import type { Level } from "../logger/level.ts";
import { fieldsExcept } from "./fields.ts";
import { type BridgeOptions, openInlet } from "./inlet.ts";

/** What LogTape hands to sinks. */
export interface LogTapeRecord {
  readonly category: readonly string[];
  readonly level: "trace" | "debug" | "info" | "warning" | "error" | "fatal";
  /** Text and values by turns, text first. Reading it may be what makes it. */
  readonly message: readonly unknown[];
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A sink of LogTape, which flushes when LogTape is reset or ends. */
export interface LogTapeSink extends AsyncDisposable {
  (record: LogTapeRecord): void;
}

const KEYS_OF_ERRORS = ["error", "err"] as const;

/**
 * A sink for LogTape. A category's parts, joined by `.`, are the name of the logger; properties become metadata, and the
 * one called `error` or `err` the error, if it is one.
 *
 * @example
 * await configure({
 *   sinks: { polylog: polylogSink() },
 *   loggers: [{ category: [], sinks: ["polylog"], lowestLevel: "trace" }],
 * });
 * getLogger(["myapp", "billing"]).warn("card of {customer} declined", { customer: 4711 });
 */
export function polylogSink(options: BridgeOptions = {}): LogTapeSink {
  const inlet = openInlet(options.polylog);
  function sink(record: LogTapeRecord): void {
    const logger = record.category.join(".");
    const level: Level = record.level === "warning" ? "warn" : record.level;
    if (!inlet.isEnabled(logger, level)) return;
    const { properties } = record;
    const errorKey = KEYS_OF_ERRORS.find((key) => isError(properties[key]));
    inlet.emit({
      logger,
      level,
      message: textOf(record.message),
      time: record.timestamp,
      error: errorKey === undefined ? undefined : properties[errorKey],
      metadata: fieldsExcept(properties, (key) => key === errorKey),
    });
  }
  return Object.assign(sink, { [Symbol.asyncDispose]: () => inlet.polylog.flush() });
}

function textOf(message: readonly unknown[]): string {
  if (message.length === 1) return String(message[0]);
  let text = "";
  for (const part of message) text += typeof part === "string" ? part : format(part);
  return text;
}
