import type { LineFormat } from "../../format/line-format.ts";
import { contextOfIds } from "../../logger/active-context.ts";
import type { LogRecord } from "../../logger/record.ts";

/** Makes a line, with its newline, of a record that comes with all that is known of it. */
export type RecordLine = (record: LogRecord) => string;

/** Lines of a format for records. Loggers have a quicker way, for what they know before there is a record. */
export function recordLines(lines: LineFormat): RecordLine {
  return (record) => {
    const { time, message, metadata, error, context, trace } = record;
    const fields = metadata === undefined ? "" : lines.fields(metadata, true);
    const active = context === undefined ? undefined : contextOfIds(context);
    return lines.line(lines.head(record, ""), time, message, fields, error, active, trace);
  };
}

/** Lines of a function that makes them without their newline. */
export function customLines(format: (record: LogRecord) => string): RecordLine {
  return (record) => `${format(record)}\n`;
}
