import type { Format } from "../../format/format.ts";
import { createFormats } from "../../format/formats.ts";
import { type Level, rankOf } from "../../logger/level.ts";
import type { LogRecord } from "../../logger/record.ts";
import type { Sink, WrappingSink } from "../sink.ts";
import { HeldRecords } from "./held-records.ts";
import { customLines, recordLines } from "./record-line.ts";

export interface RingSinkOptions {
  /** Records of one trace, invocation or request that are held. @defaultValue 100 */
  readonly records?: number | undefined;
  /** Traces, invocations or requests that are watched at once. @defaultValue 1000 */
  readonly traces?: number | undefined;
  /** Records that are held in all. @defaultValue 10000 */
  readonly totalRecords?: number | undefined;
  /** Records of this level and above are never held. @defaultValue `info` */
  readonly passes?: Level | undefined;
  /** A record of this level or above lets out what is held. @defaultValue `error` */
  readonly trigger?: Level | undefined;
  /** How lines look, if the inner sink takes lines. @defaultValue the format that is configured */
  readonly format?: Format | undefined;
}

/** Names under which the id of a request is found among the fields. */
const REQUEST_KEYS = ["requestId", "request_id"] as const;

/**
 * Holds the last debug records of each trace (else invocation, else request, else of the process) and lets them out
 * only when an error comes in it, before the error. Loggers must be at `debug` for it to get them.
 *
 * What is held is held as it is: an object that changes meanwhile comes out changed. What never comes out isn't counted as
 * dropped: nobody wanted it.
 *
 * @example
 * configure({ level: "debug", sinks: { console: ringSink(streamSink()) } });
 */
export function ringSink(inner: Sink, options: RingSinkOptions = {}): WrappingSink {
  const passes = rankOf(options.passes ?? "info");
  const trigger = rankOf(options.trigger ?? "error");
  const held = new HeldRecords({
    records: options.records ?? 100,
    traces: options.traces ?? 1_000,
    total: options.totalRecords ?? 10_000,
  });
  const lifetime = typeof inner === "function" ? undefined : inner;

  function through(write: (record: LogRecord) => void): (record: LogRecord) => void {
    return (record) => {
      const rank = rankOf(record.level);
      if (rank >= trigger) {
        for (const earlier of held.take(keyOf(record))) write(earlier);
        write(record);
      } else if (rank >= passes) {
        write(record);
      } else {
        held.add(keyOf(record), record);
      }
    };
  }

  return {
    inner,
    format: options.format,
    through,
    writeRecord: through(writerOf(inner, options.format ?? "text")),
    async flush() {
      await lifetime?.flush?.();
    },
    flushSync(isEnding) {
      lifetime?.flushSync?.(isEnding);
    },
    async close(isReplaced) {
      held.clear();
      await lifetime?.close?.(isReplaced);
    },
    get dropped() {
      return lifetime?.dropped ?? 0;
    },
  };
}

/** For records that come from no logger, which knows better. */
function writerOf(inner: Sink, format: Format): (record: LogRecord) => void {
  if (typeof inner === "function") return inner;
  if ("writeRecord" in inner) return (record) => inner.writeRecord(record);
  const line =
    typeof format === "function"
      ? customLines(format)
      : recordLines(createFormats({ redactor: undefined, isCompact: true })(format, false));
  return (record) => inner.writeLine(line(record), record.level);
}

/** The piece of work that a record belongs to. */
function keyOf({ trace, context, metadata }: LogRecord): string {
  if (trace !== undefined) return `trace ${trace.traceId}`;
  if (context?.invocationId) return `invocation ${context.invocationId}`;
  for (const key of REQUEST_KEYS) {
    const id = metadata?.[key];
    if (typeof id === "string" || typeof id === "number") return `request ${id}`;
  }
  return "process";
}
