import type { Resource } from "@opentelemetry/resources";
import {
  AggregationType,
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { type Environment, positiveOf, someOf } from "../environment.ts";
import { addressOf, destinationOf } from "../exporters/destination.ts";
import { createMetricExporter } from "../exporters/otlp.ts";
import { collectorAt, createOutage } from "../exporters/outage.ts";
import { METRICS_EXPORTERS, type MetricsExporterName, type TracingOptions } from "../options.ts";
import type { Tell } from "../tell.ts";
import { watchMetricExporter } from "./metric-delivery.ts";
import { known } from "./per-reader.ts";
import { observeProcess } from "./process-metrics.ts";
import { PullReader } from "./pull-reader.ts";

/** How long operations take, in seconds: from a cache's hit to a query that somebody forgot. */
const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** Milliseconds between two exports, when `OTEL_METRIC_EXPORT_INTERVAL` says nothing. */
const INTERVAL = 60_000;

/** The metrics of this process: what is measured, served when somebody asks, and sent if that is wanted. */
export interface Metrics {
  readonly provider: MeterProvider;
  readonly reader: PullReader;
  /** True when metrics are to be served from the start (`prometheus`). */
  readonly isServed: boolean;
  /** True when metrics are sent. */
  readonly isSent: boolean;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

export function createMetrics(
  options: TracingOptions,
  resource: Resource,
  environment: Environment,
  tell: Tell,
): Metrics {
  const exporters = exportersOf(options, environment, tell);
  const reader = known(new PullReader());
  const pushing = exporters.flatMap((name) => {
    if (name === "prometheus") return [];
    const exporter = name === "otlp" ? otlpExporter(options, environment, tell) : new ConsoleMetricExporter();
    return known(new PeriodicExportingMetricReader({ exporter, ...timesOf(environment, tell) }));
  });
  const provider = new MeterProvider({
    resource,
    readers: [reader, ...pushing],
    views: [
      {
        instrumentName: "db.client.operation.duration",
        aggregation: {
          type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
          options: { boundaries: DURATION_BUCKETS },
        },
      },
    ],
  });
  observeProcess(provider.getMeter("@polylog/tracing"));
  return {
    provider,
    reader,
    isServed: exporters.includes("prometheus"),
    isSent: pushing.length > 0,
    flush: () => provider.forceFlush().catch(() => {}),
    shutdown: () => provider.shutdown().catch(() => {}),
  };
}

function exportersOf(
  { metricsExporter }: TracingOptions,
  environment: Environment,
  tell: Tell,
): Exclude<MetricsExporterName, "none">[] {
  const wanted =
    metricsExporter === undefined
      ? (someOf(METRICS_EXPORTERS, environment, "OTEL_METRICS_EXPORTER", tell) ?? [])
      : [metricsExporter];
  return wanted.includes("none") ? [] : wanted.filter((name) => name !== "none");
}

function otlpExporter(options: TracingOptions, environment: Environment, tell: Tell): PushMetricExporter {
  const destination = destinationOf("metrics", options, environment, tell);
  const outage = createOutage("metrics", collectorAt(addressOf("metrics", destination, environment)), tell);
  return watchMetricExporter(createMetricExporter(destination), outage);
}

/** @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#periodic-exporting-metricreader */
function timesOf(
  environment: Environment,
  tell: Tell,
): { exportIntervalMillis: number; exportTimeoutMillis: number } {
  const interval = positiveOf(environment, "OTEL_METRIC_EXPORT_INTERVAL", tell) ?? INTERVAL;
  const timeout = positiveOf(environment, "OTEL_METRIC_EXPORT_TIMEOUT", tell) ?? 30_000;
  // The reader refuses a limit that is longer than the interval.
  return { exportIntervalMillis: interval, exportTimeoutMillis: Math.min(timeout, interval) };
}
