import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  type HistogramMetricData,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

export interface CollectedTelemetry {
  /** Spans that have ended since the last call. */
  takeSpans(): ReadableSpan[];
  /** The points of a histogram since the start. */
  histogram(name: string): Promise<HistogramMetricData["dataPoints"]>;
  shutdown(): Promise<void>;
}

/** An OpenTelemetry SDK of this process that keeps all it gets. */
export function collectTelemetry(): CollectedTelemetry {
  const spans = new InMemorySpanExporter();
  const points = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: points, exportIntervalMillis: 2 ** 30 })],
  });
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  return {
    takeSpans() {
      const taken = spans.getFinishedSpans();
      spans.reset();
      return taken;
    },
    async histogram(name) {
      points.reset();
      await meterProvider.forceFlush();
      const scopes = points.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
      const found = scopes
        .flatMap((scope) => scope.metrics)
        .find(({ descriptor }) => descriptor.name === name);
      return (found as HistogramMetricData | undefined)?.dataPoints ?? [];
    },
    async shutdown() {
      await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
      context.disable();
      trace.disable();
      metrics.disable();
    },
  };
}
