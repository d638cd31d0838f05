import type { LineFormat } from "../format/line-format.ts";
import type { Level } from "../logger/level.ts";
import type { LogRecord } from "../logger/record.ts";
import type { RecordLine } from "../sinks/ring/record-line.ts";
import type { LineSink, RecordSink, Sink, WrappingSink } from "../sinks/sink.ts";

/** A sink by its name, and what is done to a record on the way to it. */
export type Target = LineTarget | RecordTarget;

interface AnyTarget {
  readonly name: string;
  /** Of the lowest level that it is given. */
  readonly minimumRank: number;
  /** True while it is writing: what it logs by that must not come back to it. */
  isBusy: boolean;
  /** Records that its function threw at, at once or later. */
  failed: number;
}

/** Lines that are put together by fragments. */
export interface LineTarget extends AnyTarget {
  readonly kind: "line";
  readonly sink: LineSink;
  readonly format: LineFormat;
}

/** Whole records; a format that wants one, and its sink, are such a target too. */
export interface RecordTarget extends AnyTarget {
  readonly kind: "record";
  readonly sink: Sink;
  readonly formatName: string;
  write(record: LogRecord): void;
}

export function isLineSink(sink: Sink): sink is LineSink {
  return typeof sink === "object" && "writeLine" in sink;
}

export function isWrappingSink(sink: Sink): sink is WrappingSink {
  return typeof sink === "object" && "inner" in sink && "through" in sink;
}

/** How a record is handed to a sink that takes records. */
export function recordWriter(
  sink: RecordSink | ((record: LogRecord) => void),
): (record: LogRecord) => unknown {
  return typeof sink === "function" ? sink : (record) => sink.writeRecord(record);
}

/** How a record is handed to a sink that takes lines, which are made of whole records. */
export function lineWriter(sink: LineSink, line: RecordLine): (record: LogRecord) => unknown {
  return (record) => sink.writeLine(line(record), record.level as Level);
}
