import { isError, messageOf, stackOf } from "../../format/error.ts";
import { plainValue } from "../../format/plain-value.ts";
import { levelToNumber } from "../../logger/level-numbers.ts";
import type { LogRecord, TraceIds } from "../../logger/record.ts";
import type { RecordSink } from "../../sinks/sink.ts";
import { type BridgeOptions, openInlet } from "../inlet.ts";
import { type OtelContext, type OtelLoggerProvider, type OtelLogRecord, SPAN_KEY } from "./api.ts";

/** What a sink needs of a provider; the SDK's flushes besides. */
export interface OtelSinkTarget {
  getLogger(name: string): { emit(record: never): void };
  forceFlush?(): Promise<void>;
}

/**
 * The other direction: gives records to a provider of OpenTelemetry's Logs API, for applications whose SDK processes and
 * exports them already. Without such an SDK, `otlpSink` does it alone. Loggers are scopes.
 *
 * @example
 * const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor(exporter)] });
 * configure({ sinks: { otel: openTelemetrySink(provider) } });
 */
export function openTelemetrySink(target: OtelSinkTarget, options: BridgeOptions = {}): RecordSink {
  const inlet = openInlet(options.polylog);
  const provider = target as unknown as OtelLoggerProvider;
  return {
    writeRecord(record) {
      // The provider may be ours.
      inlet.whileBusy(() => provider.getLogger(record.logger).emit(toOtel(record)));
    },
    flush: async () => target.forceFlush?.(),
  };
}

function toOtel(record: LogRecord): OtelLogRecord {
  const { level, message, time, trace } = record;
  return {
    timestamp: hrTime(time),
    severityNumber: levelToNumber("opentelemetry", level),
    severityText: level.toUpperCase(),
    body: message,
    attributes: {
      ...knownAttributes(record),
      ...(plainValue(record.metadata ?? {}) as Record<string, unknown>),
    },
    ...(trace && { context: contextOf(trace) }),
  };
}

function knownAttributes({ error, context }: LogRecord): Record<string, unknown> {
  const attributes = {
    "exception.type": isError(error) ? error.name : undefined,
    "exception.message": error === undefined ? undefined : messageOf(error),
    "exception.stacktrace": isError(error) ? stackOf(error) : undefined,
    runner_class: context?.runnerClass,
    runner_id: context?.runnerId,
    worker_id: context?.workerId,
    invocation_id: context?.invocationId,
    task_id: context?.taskId,
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

function hrTime(milliseconds: number): [number, number] {
  const seconds = Math.floor(milliseconds / 1_000);
  return [seconds, Math.round((milliseconds - seconds * 1_000) * 1_000_000)];
}

/** A context that holds a span of these ids and nothing else. */
function contextOf(ids: TraceIds): OtelContext {
  const span = { spanContext: () => ids };
  const context: OtelContext = {
    getValue: (key) => (key === SPAN_KEY ? span : undefined),
    setValue: () => context,
    deleteValue: () => context,
  };
  return context;
}
