import type { Options } from "../config/options.ts";
import { createPolylog } from "../core/create-polylog.ts";
import { bareHost } from "../host/bare.ts";
import type { LogRecord } from "../logger/record.ts";
import type { Polylog } from "../polylog.ts";

/** Loggers that share nothing with those of the process, and what they have logged. */
export interface IsolatedPolylog {
  readonly polylog: Polylog;
  /** The oldest first. */
  readonly records: LogRecord[];
}

/**
 * Loggers apart from those of the process, which keep what they log, `trace` included: for code that is given its loggers.
 *
 * @example
 * const { polylog, records } = isolatedPolylog();
 * app.use(requestLog({ polylog }));
 */
export function isolatedPolylog(options: Omit<Options, "sinks"> = {}): IsolatedPolylog {
  const records: LogRecord[] = [];
  const polylog = createPolylog(bareHost());
  polylog.configure({ level: "trace", ...options, sinks: { memory: (record) => records.push(record) } });
  return { polylog, records };
}
