/**
 * The names under which logging libraries write the parts of a record. A nested object counts as its dotted
 * names, so `{"log":{"level":"info"}}` and `{"log.level":"info"}` are the same. Of two names for one part the
 * one further left wins, and the other stays an attribute.
 */
const NAMES = {
  time: [
    // ECS, logstash · OpenTelemetry · most · GELF, winston · zap, slog · Serilog · journald · mongod · Rust, .NET
    ...[
      "@timestamp",
      "timeUnixNano",
      "time_unix_nano",
      "timestamp",
      "time",
      "ts",
      "@t",
      "__REALTIME_TIMESTAMP",
    ],
    ...["t.$date", "Timestamp", "datetime", "dateTime", "asctime", "_time", "eventTime", "date", "t"],
    // loguru · protobuf's Timestamp as Google's agents write it
    ...["record.time.timestamp", "timestampSeconds"],
  ],
  severityNumber: ["severityNumber", "severity_number", "SeverityNumber"],
  severity: [
    ...["level_name", "levelname", "severityText", "severity_text", "SeverityText", "log.level", "level"],
    ...["severity", "loglevel", "logLevel", "log_level", "lvl", "@l", "Level", "LogLevel", "PRIORITY", "s"],
    ...["record.level.name", "status", "priority"],
  ],
  pythonLevel: ["levelno"],
  body: [
    ...["msg", "message", "@m", "MESSAGE", "short_message", "fields.message", "body", "Body", "textPayload"],
    ...["RenderedMessage", "@mt", "Message", "_msg", "record.message", "event", "log"],
  ],
  logger: [
    ...["log.logger", "logger", "logger_name", "loggerName", "LoggerName", "SourceContext", "channel"],
    ...["target", "category", "Category", "record.name", "name"],
  ],
  traceId: [
    ...["trace_id", "traceId", "trace.id", "traceID", "TraceId", "otelTraceID", "traceid", "@tr"],
    "logging.googleapis.com/trace",
  ],
  spanId: [
    ...["span_id", "spanId", "span.id", "spanID", "SpanId", "otelSpanID", "spanid", "@sp"],
    "logging.googleapis.com/spanId",
  ],
  traceFlags: ["trace_flags", "traceFlags", "flags"],
  traceSampled: ["otelTraceSampled", "logging.googleapis.com/trace_sampled"],
  datadogTraceId: ["dd.trace_id"],
  datadogSpanId: ["dd.span_id"],
  service: [
    ...["service.name", "service", "service_name", "serviceName", "dd.service", "otelServiceName"],
    ...["serviceContext.service", "app_id", "SYSLOG_IDENTIFIER"],
  ],
  host: ["host.name", "hostname", "host.hostname", "host", "_HOSTNAME", "HOSTNAME"],
  runtime: ["system", "telemetry.sdk.language", "runtime", "process.runtime.name"],
  pid: ["process.pid", "pid", "_PID", "process_id"],
  eventName: ["event.name", "eventName", "event_name", "EventName"],
  stack: [
    ...["exception.stacktrace", "error.stack_trace", "error.stack", "err.stack", "exception.stack"],
    ...["exc.stack", "stack_trace", "stacktrace", "stackTrace", "stack", "exc_info", "exc_text", "traceback"],
    "@x",
  ],
  exceptionType: [
    ...[
      "exception.type",
      "error.type",
      "err.type",
      "error.kind",
      "error.name",
      "err.name",
      "exception.class",
    ],
    ...["exception.name", "exc.type", "exc.name", "record.exception.type"],
  ],
  exceptionMessage: [
    ...["exception.message", "error.message", "err.message", "exc.message", "record.exception.value"],
    // A text here is a message, or (structlog, Polylog) a whole stack.
    ...["exception", "Exception", "error", "err"],
  ],
  /** Our own rendering of the same record. */
  unifiedText: ["text"],
} as const;

export type Role = keyof typeof NAMES;
export const ROLES = Object.keys(NAMES) as readonly Role[];

/** What a name means. */
export interface Meaning {
  readonly role: Role;
  /** Position of the role in {@link ROLES}. */
  readonly index: number;
  /** The lower, the surer. */
  readonly rank: number;
}

const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  ROLES.flatMap((role, index) =>
    NAMES[role].map((name, rank): [string, Meaning] => [name, { role, index, rank }]),
  ),
);

/** What the dotted name of a field means, `undefined` when it is an attribute like any other. */
export function meaningOf(name: string): Meaning | undefined {
  return MEANINGS.get(name);
}
