import type { ActiveContext } from "../logger/active-context.ts";
import type { ContextCarrier } from "../logger/context.ts";
import type { System } from "../logger/record.ts";
import type { Problems } from "../problems.ts";
import type { Sink } from "../sinks/sink.ts";

/** What the loggers need of where they run: Node, a browser, a test. */
export interface Host {
  readonly system: System;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now(): number;
  /** What the parent process has given to all records that are made in no context. */
  readonly ambient?: ActiveContext | undefined;
  readonly carrier: ContextCarrier<ActiveContext>;
  /** Tells a person of something wrong with the logging itself. */
  tell(line: string): void;
  /** A sink for one of the standard streams. */
  streamSink(stream: "stdout" | "stderr", problems: Problems): Sink;
  /** Takes lines of JSON to the process or thread that has started this one; absent where none wants them. */
  readonly parentSink?: ((problems: Problems) => Sink) | undefined;
  /** A sink for `POLYLOG_FILE`; absent where there are no files. */
  fileSink?(path: string, problems: Problems): Sink;
  /** True when lines on this stream may be coloured by themselves: it is a terminal, and nothing says otherwise. */
  isColorful(stream: "stdout" | "stderr"): boolean;
  /**
   * Calls `end` when the process is about to end, and lets it end as it would have. `isLast` is false while others may
   * still log.
   */
  onEnd?(end: (isLast: boolean) => void): void;
  /** Calls `onChange` with the text of a file, now and when it changes; answers how to stop. */
  watchFile?(path: string, onChange: (text: string) => void, onError: (error: unknown) => void): () => void;
  /** Has native addons that are built with Polylog found, now and when they come. */
  findAddons?(problems: Problems): void;
  /** Calls `onSignal` when the process is asked from outside to log more, or as before. */
  onDebugSignal?(onSignal: () => void): void;
}
