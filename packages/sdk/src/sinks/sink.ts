import type { Level } from "../logger/level.ts";
import type { LogRecord } from "../logger/record.ts";

/** What every sink can do beside taking records. */
interface SinkLifetime {
  /** Resolves when what it was given before is where it belongs, or counted as dropped. */
  flush?(): Promise<void>;
  /** Brings out what can be without waiting; called when the process is about to end. */
  flushSync?(): void;
  /** Flushes, then frees what it holds. Records that come later are dropped and counted. */
  close?(): Promise<void>;
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

/** Where records go: an object as described, or just a function. */
export type Sink = LineSink | RecordSink | ((record: LogRecord) => void);
