import type { Description } from "./config/description.ts";
import type { Options } from "./config/options.ts";
import type { RecordSource, SourceAccess } from "./core/record-source.ts";
import type { LogContext } from "./logger/context.ts";
import type { Level, LogLevel, Threshold } from "./logger/level.ts";
import type { Logger } from "./logger/logger.ts";
import type { ForeignRecord } from "./logger/record.ts";
import type { Problems } from "./problems.ts";

/** Loggers, their levels and their sinks: all that one process has of it. */
export interface Polylog {
  /** The root logger. */
  readonly log: Logger;
  /** The logger of this name; the same one each time. */
  getLogger(name: string): Logger;
  /** Logs a record that was made elsewhere. It passes the level of the logger it names, like any other. */
  emit(record: ForeignRecord): void;
  /** True while a record is handed to a sink that takes records: what is logged now may come of that. */
  readonly isWriting: boolean;
  /** True when a record of this logger and level would go anywhere. */
  isEnabled(logger: string, level: Level): boolean;
  /** Changes what is given and leaves the rest as it is. No record is lost by it. */
  configure(options: Options): void;
  /** Sets the level of the root, and with it of all that say nothing else. */
  setLogLevel(level: Threshold | LogLevel): void;
  /** Sets the levels of loggers by filter directives: `warn,myapp.billing=debug`. Empty takes them back. */
  setFilter(directives: string): void;
  /** Runs `work`; records made in it, and in what it starts, carry the context. Nested contexts are merged. */
  withContext<T>(context: LogContext, work: () => T): T;
  /** The context that a record made now would carry, and its trace. */
  currentContext(): LogContext;
  /** Resolves when all records up to now are where they belong, or counted as dropped. */
  flush(): Promise<void>;
  /** Brings out at once what can be without waiting. */
  flushSync(): void;
  /** Flushes and closes all sinks. */
  shutdown(): Promise<void>;
  /** Records that got lost, of all sinks since the start. */
  droppedLogCount(): number;
  /** The level of each logger and where it comes from, sinks and formats. */
  describe(): Description;
  /** Has a source take part: in levels, flushes, counts and the end of the process. For `polylog/native`. */
  addSource(source: RecordSource): SourceAccess;
  readonly problems: Problems;
}
