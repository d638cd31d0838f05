import type { Format } from "../format/format.ts";
import type { Level } from "../logger/level.ts";
import type { LogRecord } from "../logger/record.ts";

/** What every sink can do beside taking records. */
interface SinkLifetime {
  /** Resolves when what it was given before is where it belongs, or counted as dropped. */
  flush?(): Promise<void>;
  /**
   * Brings out what can be without waiting.
   *
   * @param isEnding true at the very end of the process: no event comes any more, so what can't be brought out within
   * this call is lost, and each record that comes later has to be out before its call returns. Without it the process
   * may live on: what needs an event to get out, such as an answer, is only started. @defaultValue false
   */
  flushSync?(isEnding?: boolean): void;
  /**
   * Flushes, then frees what it holds. Records that come later are dropped and counted.
   *
   * @param isReplaced true when the process goes on with other sinks: nobody waits for it, so it may try for as long as it
   * does otherwise. @defaultValue false
   */
  close?(isReplaced?: boolean): Promise<void>;
  /** Records that it could not bring where they belong. */
  readonly dropped?: number;
}

/** Takes lines, made by a format. */
export interface LineSink extends SinkLifetime {
  /** The standard stream it writes to, when it does: lines may be coloured if that is a terminal. */
  readonly stream?: "stdout" | "stderr";
  /** Hot. `line` ends in a newline. Never throws. */
  writeLine(line: string, level: Level): void;
}

/** Takes records. */
export interface RecordSink extends SinkLifetime {
  /** Never throws. */
  writeRecord(record: LogRecord): void;
}

/**
 * Decides which records another sink gets, and when. Loggers write to that one as if it were configured itself: in the
 * common format and colours, redacted.
 */
export interface WrappingSink extends RecordSink {
  readonly inner: Sink;
  /** How the lines of the inner sink look, if it takes lines. @defaultValue as those of the sink that wraps it */
  readonly format?: Format | undefined;
  /**
   * Takes records as {@link RecordSink.writeRecord} does, and lets them out by `write`.
   *
   * @param write brings a record to the inner sink
   */
  through(write: (record: LogRecord) => void): (record: LogRecord) => void;
}

/** Where records go: an object as described, or just a function. */
export type Sink = LineSink | RecordSink | ((record: LogRecord) => void);

export function isSink(value: unknown): value is Sink {
  if (typeof value === "function") return true;
  return typeof value === "object" && value !== null && ("writeLine" in value || "writeRecord" in value);
}
