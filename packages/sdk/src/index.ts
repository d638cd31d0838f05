import { polylog } from "./api.ts";

export const {
  log,
  getLogger,
  emit,
  configure,
  setLogLevel,
  setFilter,
  withContext,
  flush,
  flushSync,
  shutdown,
  droppedLogCount,
  describe,
} = polylog;

export { polylog } from "./api.ts";
export type {
  Description,
  LoggerDescription,
  SinkDescription,
} from "./config/description.ts";
export type { LoggerOptions, Options, SinkOptions } from "./config/options.ts";
export { type ErrorCode, PolylogError } from "./errors.ts";
export type { Format, FormatName } from "./format/format.ts";
export { type InitOptions, init } from "./init.ts";
export type { RateLimit } from "./limits/rate-limiter.ts";
export type { LogContext } from "./logger/context.ts";
export {
  LEVELS,
  type Level,
  LOG_LEVEL_DEBUG,
  LOG_LEVEL_ERROR,
  LOG_LEVEL_INFO,
  LOG_LEVEL_OFF,
  LOG_LEVEL_TRACE,
  LOG_LEVEL_WARN,
  type LogLevel,
  type Threshold,
  toLogLevel,
  toThreshold,
} from "./logger/level.ts";
export * from "./logger/level-numbers.ts";
export type { Origin } from "./logger/levels.ts";
export type { Fields, Logger, LogMethod, Thrown } from "./logger/logger.ts";
export type {
  ExecutionContext,
  ForeignRecord,
  LogRecord,
  System,
  TraceIds,
} from "./logger/record.ts";
export type { Polylog } from "./polylog.ts";
export type { Redaction } from "./redaction/redactor.ts";
export type { StreamSinkOptions } from "./sinks/byte-sink.ts";
export { consoleSink } from "./sinks/console.ts";
export { type FileSinkOptions, fileSink } from "./sinks/file/file.ts";
export { type HttpSinkOptions, httpSink } from "./sinks/http/http-sink.ts";
export { type MemorySink, memorySink } from "./sinks/memory.ts";
export { type OtlpSinkOptions, otlpSink } from "./sinks/otlp/otlp-sink.ts";
export { type RingSinkOptions, ringSink } from "./sinks/ring/ring-sink.ts";
export type { LineSink, RecordSink, Sink } from "./sinks/sink.ts";
export { streamSink } from "./sinks/stream.ts";
export { type WatchOptions, watch } from "./watch.ts";
