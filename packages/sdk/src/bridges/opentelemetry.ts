export type {
  OtelContext,
  OtelLogger,
  OtelLoggerProvider,
  OtelLogRecord,
  OtelTime,
} from "./opentelemetry/api.ts";
export { polylogLoggerProvider } from "./opentelemetry/provider.ts";
export { type OtelSinkTarget, openTelemetrySink } from "./opentelemetry/sink.ts";
