import { fieldsExcept, isPlainObject } from "../bridges/fields.ts";
import { foreignError } from "../bridges/foreign-error.ts";
import { type Level, toThreshold } from "../logger/level.ts";
import type { ExecutionContext, ForeignRecord, System, TraceIds } from "../logger/record.ts";

/** What stands in for what a line doesn't say. */
export interface FrameDefaults {
  readonly logger: string;
  readonly level: Level;
  readonly system: System;
  /** Of the parent, which its records carry anyway. */
  readonly appId?: string | undefined;
}

const SYSTEMS: ReadonlySet<unknown> = new Set<System>(["node", "rust", "python", "cpp", "browser"]);

/** What Polylog's JSON line has a place for; all else that stands in one becomes metadata. */
const KNOWN: ReadonlySet<string> = new Set([
  "timestamp",
  "severity",
  "level",
  "system",
  "logger",
  "message",
  "text",
  "app_id",
  "runner_class",
  "runner_id",
  "worker_id",
  "invocation_id",
  "task_id",
  "trace_id",
  "span_id",
  "trace_flags",
  "exception",
  "metadata",
]);

/** Errors behind errors that are read. */
const MOST_CAUSES = 10;

/**
 * Makes a record of a line: of Polylog's JSON, whichever runtime wrote it, or of as little as
 * `{"level":"warn","message":"disk is nearly full"}`. Any other line is the message of a record by itself. Never throws.
 *
 * @example
 * readFrame('{"severity":"WARNING","system":"python","logger":"worker","message":"slow"}', defaults).level; // "warn"
 */
export function readFrame(line: string, defaults: FrameDefaults): ForeignRecord {
  const fields = line.startsWith("{") ? objectOf(line) : undefined;
  const level = fields === undefined ? undefined : levelOf(fields.severity ?? fields.level);
  if (fields === undefined || level === undefined || typeof fields.message !== "string") {
    return { ...defaults, message: line, context: {} };
  }
  return {
    logger: typeof fields.logger === "string" ? fields.logger : defaults.logger,
    level,
    message: fields.message,
    system: SYSTEMS.has(fields.system) ? (fields.system as System) : defaults.system,
    time: timeOf(fields.timestamp),
    metadata: metadataOf(fields, defaults),
    error: errorOf(fields.exception),
    context: contextOf(fields),
    trace: traceOf(fields),
  };
}

function objectOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function levelOf(value: unknown): Level | undefined {
  const threshold = typeof value === "string" ? toThreshold(value) : undefined;
  return threshold === "off" ? undefined : threshold;
}

/** A Date knows milliseconds; the digits behind them come on top. */
function timeOf(timestamp: unknown): number | undefined {
  if (typeof timestamp !== "string") return undefined;
  const time = Date.parse(timestamp);
  if (Number.isNaN(time)) return undefined;
  const finer = /\.\d{3}(\d{1,6})Z$/.exec(timestamp)?.[1];
  return finer === undefined ? time : time + Number(`0.${finer}`);
}

function metadataOf(fields: Record<string, unknown>, { appId }: FrameDefaults): ForeignRecord["metadata"] {
  const { metadata, app_id } = fields;
  const others = fieldsExcept(fields, (key) => KNOWN.has(key));
  const own = isPlainObject(metadata) ? metadata : undefined;
  const foreign = typeof app_id === "string" && app_id !== appId ? { app_id } : undefined;
  if (others === undefined && foreign === undefined) return own;
  return { ...foreign, ...others, ...own };
}

function contextOf(fields: Record<string, unknown>): ExecutionContext {
  return {
    runnerClass: textOf(fields.runner_class),
    runnerId: textOf(fields.runner_id),
    workerId: textOf(fields.worker_id),
    invocationId: textOf(fields.invocation_id),
    taskId: textOf(fields.task_id),
  };
}

function traceOf({ trace_id, span_id, trace_flags }: Record<string, unknown>): TraceIds | undefined {
  if (typeof trace_id !== "string" || typeof span_id !== "string") return undefined;
  if (!/^[0-9a-f]{32}-[0-9a-f]{16}$/.test(`${trace_id}-${span_id}`)) return undefined;
  // Lines for people leave the flags out. What isn't sampled mostly has no ids at all.
  const flags = typeof trace_flags === "number" ? trace_flags & 0xff : 1;
  return { traceId: trace_id, spanId: span_id, traceFlags: flags };
}

function errorOf(value: unknown, causes = 0): unknown {
  if (value === undefined || value === null) return undefined;
  if (!isPlainObject(value) || causes > MOST_CAUSES) return value;
  const { name, message, stack, cause, errors } = value;
  // What was thrown and is no error has a message and itself.
  if (typeof stack !== "string" && "value" in value) return value.value ?? message;
  return foreignError({
    name,
    message,
    stack,
    cause: errorOf(cause, causes + 1),
    errors: Array.isArray(errors) ? errors.map((each: unknown) => errorOf(each, causes + 1)) : undefined,
    fields: fieldsExcept(value, (key) => ERROR_KEYS.has(key)),
  });
}

const ERROR_KEYS: ReadonlySet<string> = new Set(["name", "message", "stack", "cause", "errors"]);

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
