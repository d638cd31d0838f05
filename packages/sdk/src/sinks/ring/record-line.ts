import type { Format } from "../../format/format.ts";
import { createFormats } from "../../format/formats.ts";
import { ActiveContext } from "../../logger/active-context.ts";
import type { ExecutionContext, LogRecord } from "../../logger/record.ts";

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
    const active = context === undefined ? undefined : activeContextOf(context);
    return lines.line(lines.head(record, ""), time, message, fields, error, active, trace);
  };
}

/** The context that a logger would have had for these ids. */
function activeContextOf({
  runnerClass,
  runnerId,
  workerId,
  invocationId,
  taskId,
}: ExecutionContext): ActiveContext {
  return new ActiveContext({
    ...(runnerId ? { runner: runnerClass ? { class: runnerClass, id: runnerId } : runnerId } : {}),
    ...(workerId ? { worker: workerId } : {}),
    ...(invocationId ? { invocation: invocationId } : {}),
    ...(taskId ? { task: taskId } : {}),
  });
}
