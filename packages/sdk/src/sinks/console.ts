import type { Level } from "../logger/level.ts";
import { ROOT } from "../logger/name.ts";
import type { LogRecord } from "../logger/record.ts";
import type { RecordSink } from "./sink.ts";

/** The methods of a console that are used. */
export type ConsoleMethods = Pick<Console, "debug" | "info" | "warn" | "error">;

const METHODS: Readonly<Record<Level, keyof ConsoleMethods>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
  fatal: "error",
};

/**
 * Writes to a browser's console, by level, so that its own filter works. Metadata and errors are handed over as they
 * are: the console shows them to be opened, and links the stack.
 *
 * The methods are taken when the sink is made: a bridge that turns `console` into records later doesn't turn in a circle.
 *
 * @example
 * configure({ sinks: { console: consoleSink() } });
 */
export function consoleSink(target: ConsoleMethods = console): RecordSink {
  const methods = {
    debug: target.debug.bind(target),
    info: target.info.bind(target),
    warn: target.warn.bind(target),
    error: target.error.bind(target),
  };
  return {
    writeRecord(record: LogRecord) {
      const { level, logger, message, metadata, error } = record;
      const further = [metadata, error].filter((value) => value !== undefined);
      // The text is an argument of its own: in the first one a "%s" of a message would take the metadata's place.
      methods[METHODS[level]]("%s", logger === ROOT ? message : `${logger}: ${message}`, ...further);
    },
  };
}
