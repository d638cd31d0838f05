import type { Attributes } from "@opentelemetry/api";
import type { Instrumentation } from "@opentelemetry/instrumentation";
import type { Sampler, SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { InstrumentationName } from "./instrumentation/list.ts";

/** How records travel to a collector. */
export const PROTOCOLS = ["grpc", "http/protobuf", "http/json"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Where finished spans go: to a collector, to standard output, or nowhere although they are made. */
export const TRACE_EXPORTERS = ["otlp", "console", "none"] as const;
export type TraceExporterName = (typeof TRACE_EXPORTERS)[number];

/** Where metrics are sent from time to time, or served for others to fetch. */
export const METRICS_EXPORTERS = ["otlp", "prometheus", "console", "none"] as const;
export type MetricsExporterName = (typeof METRICS_EXPORTERS)[number];

/**
 * What `initTracing` takes. What is not given comes from the environment (`OTEL_…`), and then from the defaults of
 * OpenTelemetry's specification.
 */
export interface TracingOptions {
  /** The name of this service. @defaultValue `OTEL_SERVICE_NAME`, or `unknown_service:node` */
  readonly serviceName?: string;
  /** Attributes of everything that is sent, beside those of `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resourceAttributes?: Attributes;
  /** The collector, as in `OTEL_EXPORTER_OTLP_ENDPOINT`. @defaultValue `http://localhost:4317`, over HTTP port 4318 */
  readonly endpoint?: string;
  /** @defaultValue `OTEL_EXPORTER_OTLP_PROTOCOL`, or `grpc` */
  readonly protocol?: Protocol;
  /** Sent with every request: for keys and tenants. @defaultValue `OTEL_EXPORTER_OTLP_HEADERS` */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where spans go: a name, or an exporter of one's own. @defaultValue `OTEL_TRACES_EXPORTER`, or `otlp` */
  readonly exporter?: TraceExporterName | SpanExporter;
  /** Which traces are kept. @defaultValue `OTEL_TRACES_SAMPLER`, or all whose parent was */
  readonly sampler?: Sampler;
  /** Where metrics go. @defaultValue `OTEL_METRICS_EXPORTER`, or `none` */
  readonly metricsExporter?: MetricsExporterName;
  /**
   * Which libraries are traced without a change to the code: all that are known, none, these; each by its name or as
   * an instrumentation of one's own.
   * @defaultValue all but those that `OTEL_NODE_DISABLED_INSTRUMENTATIONS` names
   */
  readonly instrumentations?: boolean | readonly (InstrumentationName | Instrumentation)[];
}
