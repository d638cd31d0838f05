import { type Level, toThreshold } from "../logger/level.ts";
import { levelFromNumber } from "../logger/level-numbers.ts";
import { readCallArguments } from "./call-arguments.ts";
import { type BridgeOptions, openInlet } from "./inlet.ts";

/** What log4js hands to appenders. */
export interface Log4jsEvent {
  readonly categoryName: string;
  readonly level: { readonly level: number; readonly levelStr: string };
  readonly data: readonly unknown[];
  readonly context: Readonly<Record<string, unknown>>;
  readonly startTime: Date;
  readonly error?: unknown;
}

/** An appender of log4js. */
export interface Log4jsAppender {
  (event: Log4jsEvent): void;
  /** Called by `log4js.shutdown`. */
  shutdown(done: (error?: Error) => void): void;
}

/** The category of those that name none. */
const NO_CATEGORY = "default";

/** Numbers of log4js's levels are Python's times this. */
const TIMES_PYTHON = 1_000;

/**
 * An appender for log4js, which loads it by name. Categories are the names of loggers, `default` is the root; a
 * logger's context becomes metadata.
 *
 * @example
 * log4js.configure({
 *   appenders: { polylog: { type: "polylog/log4js" } },
 *   categories: { default: { appenders: ["polylog"], level: "trace" } },
 * });
 * log4js.getLogger("myapp.billing").warn("card declined", { orderId: 17 });
 */
export function configure(config: BridgeOptions = {}): Log4jsAppender {
  const inlet = openInlet(config.polylog);
  function append({ categoryName, level: given, data, context, startTime, error }: Log4jsEvent): void {
    const logger = categoryName === NO_CATEGORY ? "" : categoryName;
    const level = levelOf(given);
    if (!inlet.isEnabled(logger, level)) return;
    const said = readCallArguments(data);
    inlet.emit({
      logger,
      level,
      message: said.message,
      time: startTime.getTime(),
      error: said.error ?? error,
      metadata: { ...context, ...said.metadata },
    });
  }
  return Object.assign(append, {
    shutdown: (done: (error?: Error) => void) => void inlet.polylog.flush().then(() => done(), done),
  });
}

function levelOf({ level, levelStr }: Log4jsEvent["level"]): Level {
  const known = toThreshold(levelStr);
  if (known !== undefined && known !== "off") return known;
  // MARK is beyond all others so that it is never left out, not because it is severe.
  return levelStr === "MARK" ? "info" : levelFromNumber("python", level / TIMES_PYTHON);
}
