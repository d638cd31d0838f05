import type { Format } from "../../format/format.ts";
import { createFormats } from "../../format/formats.ts";
import { contextOfIds } from "../../logger/active-context.ts";
import type { LogRecord } from "../../logger/record.ts";

/**
 * Makes lines of records that come with all that is known of them. Loggers have a quicker way, for what they know
 * before there is a record.
 *
 * @returns gives the line with its newline
 */
export function recordLines(format: Format): (record: LogRecord) => string {
  if (typeof format === "function") return (record) => `${format(record)}\n`;
  // Records are redacted before they get to a sink.
  const lines = createFormats({ redactor: undefined, isCompact: true })(format, false);
  return (record) => {
    const { time, message, metadata, error, context, trace } = record;
    const fields = metadata === undefined ? "" : lines.fields(metadata, true);
    const active = context === undefined ? undefined : contextOfIds(context);
    return lines.line(lines.head(record, ""), time, message, fields, error, active, trace);
  };
}
