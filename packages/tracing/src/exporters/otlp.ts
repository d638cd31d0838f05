import type * as GrpcMetrics from "@opentelemetry/exporter-metrics-otlp-grpc";
import type * as JsonMetrics from "@opentelemetry/exporter-metrics-otlp-http";
import type * as ProtobufMetrics from "@opentelemetry/exporter-metrics-otlp-proto";
import type * as GrpcTraces from "@opentelemetry/exporter-trace-otlp-grpc";
import type * as JsonTraces from "@opentelemetry/exporter-trace-otlp-http";
import type * as ProtobufTraces from "@opentelemetry/exporter-trace-otlp-proto";
import type * as GrpcBase from "@opentelemetry/otlp-grpc-exporter-base";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import { load } from "../load.ts";
import type { Destination } from "./destination.ts";

/** OpenTelemetry's own exporter of spans for the protocol; the others are not even loaded. */
export function createSpanExporter(destination: Destination): SpanExporter {
  switch (destination.protocol) {
    case "grpc": {
      const { OTLPTraceExporter } = load<typeof GrpcTraces>("@opentelemetry/exporter-trace-otlp-grpc");
      return new OTLPTraceExporter(grpcConfig(destination));
    }
    case "http/protobuf": {
      const { OTLPTraceExporter } = load<typeof ProtobufTraces>("@opentelemetry/exporter-trace-otlp-proto");
      return new OTLPTraceExporter(httpConfig(destination));
    }
    case "http/json": {
      const { OTLPTraceExporter } = load<typeof JsonTraces>("@opentelemetry/exporter-trace-otlp-http");
      return new OTLPTraceExporter(httpConfig(destination));
    }
  }
}

/** The same for metrics. */
export function createMetricExporter(destination: Destination): PushMetricExporter {
  switch (destination.protocol) {
    case "grpc": {
      const { OTLPMetricExporter } = load<typeof GrpcMetrics>("@opentelemetry/exporter-metrics-otlp-grpc");
      return new OTLPMetricExporter(grpcConfig(destination));
    }
    case "http/protobuf": {
      const { OTLPMetricExporter } = load<typeof ProtobufMetrics>(
        "@opentelemetry/exporter-metrics-otlp-proto",
      );
      return new OTLPMetricExporter(httpConfig(destination));
    }
    case "http/json": {
      const { OTLPMetricExporter } = load<typeof JsonMetrics>("@opentelemetry/exporter-metrics-otlp-http");
      return new OTLPMetricExporter(httpConfig(destination));
    }
  }
}

/** What the exporters over HTTP take from code; what is left out they find in the environment. */
export function httpConfig({ url, headers }: Destination) {
  return { ...(url === undefined ? {} : { url }), ...(headers === undefined ? {} : { headers }) };
}

/** What the exporters over gRPC take from code. */
export function grpcConfig({ url, headers }: Destination) {
  if (headers === undefined) return url === undefined ? {} : { url };
  const { createEmptyMetadata } = load<typeof GrpcBase>("@opentelemetry/otlp-grpc-exporter-base");
  const metadata = createEmptyMetadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return { ...(url === undefined ? {} : { url }), metadata };
}
