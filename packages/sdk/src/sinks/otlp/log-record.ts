import { isError, messageOf, stackOf } from "../../format/error.ts";
import { limited } from "../../format/limits.ts";
import type { Level } from "../../logger/level.ts";
import type { LogRecord } from "../../logger/record.ts";
import { type KeyValue, keyValues } from "./any-value.ts";

/** Numbers and names of severities (OpenTelemetry log data model, "Field: SeverityNumber"). */
const SEVERITIES: Readonly<Record<Level, readonly [number: number, text: string]>> = {
  trace: [1, "TRACE"],
  debug: [5, "DEBUG"],
  info: [9, "INFO"],
  warn: [13, "WARN"],
  error: [17, "ERROR"],
  fatal: [21, "FATAL"],
};

/**
 * A record as `LogRecord` of OTLP's JSON. Written at once, not when it is sent: what its metadata holds may change by then.
 *
 * @param observed milliseconds since 1970 at which the record came here
 */
export function logRecordOf(record: LogRecord, observed: number): string {
  const [severityNumber, severityText] = SEVERITIES[record.level];
  return JSON.stringify({
    timeUnixNano: nanoseconds(record.time),
    observedTimeUnixNano: nanoseconds(observed),
    severityNumber,
    severityText,
    body: { stringValue: limited(record.message) },
    attributes: [...attributesOf(record)],
    traceId: record.trace?.traceId,
    spanId: record.trace?.spanId,
    flags: record.trace?.traceFlags,
  });
}

function* attributesOf({ metadata, error, context }: LogRecord): Generator<KeyValue> {
  const taken = metadata === undefined ? [] : keyValues(metadata);
  yield* taken;
  const names = new Set(taken.map(({ key }) => key));
  const known = {
    "exception.type": isError(error) ? nameOf(error) : undefined,
    "exception.message": error === undefined ? undefined : limited(messageOf(error)),
    "exception.stacktrace": isError(error) ? stackOf(error) : undefined,
    runner_class: context?.runnerClass,
    runner_id: context?.runnerId,
    worker_id: context?.workerId,
    invocation_id: context?.invocationId,
    task_id: context?.taskId,
  };
  for (const [key, stringValue] of Object.entries(known)) {
    // A field of the record's own by that name wins; no attribute may be there twice.
    if (stringValue !== undefined && !names.has(key)) yield { key, value: { stringValue } };
  }
}

/** A name may be a getter that throws. */
function nameOf(error: Error): string {
  try {
    return String(error.name);
  } catch {
    return "Error";
  }
}

/** Milliseconds as text of whole nanoseconds; a number can't hold those since 1970. */
function nanoseconds(milliseconds: number): string {
  if (!(milliseconds >= 0 && milliseconds < Number.MAX_SAFE_INTEGER)) return "0";
  const whole = Math.floor(milliseconds);
  // A double has about a quarter of a microsecond to give here.
  const rest = Math.round((milliseconds - whole) * 1e6);
  return String(BigInt(whole) * 1_000_000n + BigInt(rest));
}
