import { format } from "node:util";
import { type Level, toThreshold } from "../../logger/level.ts";
import { levelFromNumber } from "../../logger/level-numbers.ts";
import type { ForeignRecord, TraceIds } from "../../logger/record.ts";
import { fieldsExcept } from "../fields.ts";
import { foreignError } from "../foreign-error.ts";
import { type BridgeOptions, openInlet } from "../inlet.ts";
import {
  type OtelContext,
  type OtelLoggerProvider,
  type OtelLogRecord,
  type OtelTime,
  SPAN_KEY,
} from "./api.ts";

/**
 * A provider for OpenTelemetry's Logs API whose loggers are ours: the scope is the logger, attributes are metadata, and
 * what was thrown is the error, whether given as `exception` or as `exception.*` attributes.
 *
 * @example
 * import { logs, SeverityNumber } from "@opentelemetry/api-logs";
 * logs.setGlobalLoggerProvider(polylogLoggerProvider());
 * logs.getLogger("myapp.billing").emit({ severityNumber: SeverityNumber.WARN, body: "card declined" });
 */
export function polylogLoggerProvider(options: BridgeOptions = {}): OtelLoggerProvider {
  const inlet = openInlet(options.polylog);
  return {
    getLogger: (logger) => ({
      emit(record) {
        const level = levelOf(record);
        if (inlet.isEnabled(logger, level)) inlet.emit(toRecord(logger, level, record));
      },
      enabled: (record = {}) => inlet.isEnabled(logger, levelOf(record)),
    }),
  };
}

function levelOf({ severityNumber, severityText }: OtelLogRecord): Level {
  // 0 is UNSPECIFIED.
  if (severityNumber !== undefined && severityNumber > 0)
    return levelFromNumber("opentelemetry", severityNumber);
  const named = severityText === undefined ? undefined : toThreshold(severityText);
  return named === undefined || named === "off" ? "info" : named;
}

const EXCEPTION_KEYS = new Set(["exception.type", "exception.message", "exception.stacktrace"]);

function toRecord(logger: string, level: Level, record: OtelLogRecord): ForeignRecord {
  const { attributes = {}, body, eventName, exception } = record;
  const told = exceptionOf(attributes);
  const fields = fieldsExcept(attributes, (key) => told !== undefined && EXCEPTION_KEYS.has(key));
  const isText = typeof body !== "object" || body === null;
  const extra = { ...(eventName && { event: eventName }), ...(!isText && { body }) };
  return {
    logger,
    level,
    message: isText && body != null ? String(body) : (eventName ?? (isText ? "" : format(body))),
    time: timeOf(record.timestamp),
    error: exception ?? told,
    metadata: { ...extra, ...fields },
    trace: traceOf(record.context),
  };
}

/** https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/ */
function exceptionOf(attributes: Readonly<Record<string, unknown>>): Error | undefined {
  const name = attributes["exception.type"];
  const message = attributes["exception.message"];
  if (typeof name !== "string" && typeof message !== "string") return undefined;
  return foreignError({ name, message, stack: attributes["exception.stacktrace"] });
}

function timeOf(time: OtelTime | undefined): number | undefined {
  if (time === undefined) return undefined;
  // The API allows readings of `performance.now()` too, which can't be beyond its present one.
  if (typeof time === "number") return time <= performance.now() ? performance.timeOrigin + time : time;
  return time instanceof Date ? time.getTime() : time[0] * 1_000 + time[1] / 1_000_000;
}

function traceOf(context: OtelContext | undefined): TraceIds | undefined {
  const span = context?.getValue(SPAN_KEY) as { spanContext(): TraceIds } | undefined;
  const ids = span?.spanContext();
  if (ids === undefined || /^0*$/.test(ids.traceId)) return undefined;
  return { traceId: ids.traceId, spanId: ids.spanId, traceFlags: ids.traceFlags };
}
