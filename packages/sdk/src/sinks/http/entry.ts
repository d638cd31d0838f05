import { stackOf } from "../../format/error.ts";
import { createJsonWriter } from "../../format/json-writer.ts";
import { plainValue } from "../../format/plain-value.ts";
import { isoTime } from "../../format/timestamp.ts";
import type { Level } from "../../logger/level.ts";
import { ROOT } from "../../logger/name.ts";
import type { LogRecord } from "../../logger/record.ts";

/** The levels of the wire; it has none below `debug`. */
const WIRE_LEVELS: Readonly<Record<Level, string>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
  fatal: "fatal",
};

/** What each entry says beside what its record says. */
export interface EntryDefaults {
  readonly environment: string;
  /** For records that are in no trace. */
  readonly traceId: string | undefined;
}

const json = createJsonWriter(undefined);

/**
 * A record as Auralogs takes it. Written at once, not when it is sent: what the metadata holds may change by then.
 *
 * @returns JSON: level, message, environment, timestamp, and metadata, stackTrace, traceId when there are any
 */
export function entryOf(record: LogRecord, defaults: EntryDefaults): string {
  return json.value({
    level: WIRE_LEVELS[record.level],
    message: record.message,
    environment: defaults.environment,
    timestamp: isoTime(record.time),
    metadata: metadataOf(record),
    stackTrace: record.error === undefined ? undefined : stackOf(record.error),
    traceId: record.trace?.traceId ?? defaults.traceId,
  });
}

/** The record's own fields win over what is added here. */
function metadataOf({ logger, appId, context, metadata }: LogRecord): Record<string, unknown> | undefined {
  // A copy, for a getter among them may throw.
  const plain = plainValue(metadata);
  const all = {
    ...(logger !== ROOT && { logger }),
    ...(appId !== undefined && { app_id: appId }),
    ...(context?.runnerClass !== undefined && { runner_class: context.runnerClass }),
    ...(context?.runnerId !== undefined && { runner_id: context.runnerId }),
    ...(context?.workerId !== undefined && { worker_id: context.workerId }),
    ...(context?.invocationId !== undefined && { invocation_id: context.invocationId }),
    ...(context?.taskId !== undefined && { task_id: context.taskId }),
    ...(typeof plain === "object" ? plain : undefined),
  };
  return Object.keys(all).length === 0 ? undefined : all;
}
