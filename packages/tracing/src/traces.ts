import type { Resource } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ConsoleSpanExporter,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { sendAtEnd } from "./end/send-at-end.ts";
import { type Environment, someOf } from "./environment.ts";
import { addressOf, type Destination, destinationOf } from "./exporters/destination.ts";
import { createSpanExporter } from "./exporters/otlp.ts";
import { createOutage, type Outage } from "./exporters/outage.ts";
import { createSpanDelivery, type SpanDelivery } from "./exporters/span-delivery.ts";
import { type WatchedProcessor, watchProcessor } from "./exporters/watched-processor.ts";
import { TRACE_EXPORTERS, type TraceExporterName, type TracingOptions } from "./options.ts";
import type { Tell } from "./tell.ts";

/** The way of a span: made by the provider, batched, delivered. */
export interface Traces {
  readonly provider: BasicTracerProvider;
  /** True when spans ended since the last flush. */
  readonly isPending: boolean;
  /** Spans that no collector took. */
  readonly lost: number;
  flush(): Promise<void>;
  /**
   * For the very end: gives what is left to a child process, and waits for at most `timeout` milliseconds. With 0 it only
   * says what is lost.
   */
  flushSync(timeout: number): void;
  shutdown(): Promise<void>;
}

interface ToCollector {
  readonly destination: Destination;
  readonly address: string;
  readonly delivery: SpanDelivery;
  readonly outage: Outage;
}

export function createTraces(
  options: TracingOptions,
  resource: Resource,
  environment: Environment,
  tell: Tell,
): Traces {
  const collectors: ToCollector[] = [];
  const processors = exportersOf(options, environment, tell).map(processorFor);
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: processors,
    ...(options.sampler === undefined ? {} : { sampler: options.sampler }),
  });

  function processorFor(exporter: TraceExporterName | SpanExporter): WatchedProcessor {
    if (exporter !== "otlp") {
      // To a terminal each span at once; of an exporter of one's own nothing is known but that batches suit it.
      return watchProcessor(
        exporter === "console"
          ? new SimpleSpanProcessor(new ConsoleSpanExporter())
          : new BatchSpanProcessor(exporter as SpanExporter),
      );
    }
    const destination = destinationOf("traces", options, environment, tell);
    const address = addressOf("traces", destination, environment);
    const outage = createOutage("spans", address, tell);
    const delivery = createSpanDelivery(createSpanExporter(destination), outage);
    collectors.push({ destination, address, delivery, outage });
    return watchProcessor(new BatchSpanProcessor(delivery));
  }

  /** Never rejects: who is told of an outage is told by the outage. */
  const settled = async (work: Promise<unknown>[]) => {
    await Promise.allSettled(work);
  };

  return {
    provider,
    get isPending() {
      return processors.some((processor) => processor.isPending);
    },
    get lost() {
      return collectors.reduce((lost, { delivery }) => lost + delivery.lost, 0);
    },
    flush: () => settled(processors.map((processor) => processor.forceFlush())),
    flushSync(timeout) {
      for (const { delivery } of collectors) delivery.hold();
      // Batches reach their exporter before this returns.
      for (const processor of processors) void processor.forceFlush().catch(() => {});
      for (const { delivery, destination, address, outage } of collectors) {
        const spans = delivery.held();
        if (spans.length === 0) continue;
        // A collector that is away would only keep the process waiting.
        const isWorthIt = timeout > 0 && !outage.isAway;
        if (isWorthIt && sendAtEnd(spans, destination, timeout)) continue;
        tell(
          "POLYLOG_E_COLLECTOR",
          `${spans.length} spans were lost at the end of the process: the collector at ${address} didn't take them in time`,
        );
      }
    },
    shutdown: () => settled(processors.map((processor) => processor.shutdown())),
  };
}

/** What the code says, else `OTEL_TRACES_EXPORTER`, else a collector. */
function exportersOf(
  { exporter }: TracingOptions,
  environment: Environment,
  tell: Tell,
): (TraceExporterName | SpanExporter)[] {
  const wanted =
    exporter === undefined
      ? (someOf(TRACE_EXPORTERS, environment, "OTEL_TRACES_EXPORTER", tell) ?? ["otlp"])
      : [exporter];
  return wanted.includes("none") ? [] : wanted;
}
