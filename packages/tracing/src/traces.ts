import type { Resource } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  ConsoleSpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { sendAtEnd } from "./end/send-at-end.ts";
import { type Environment, positiveOf, someOf } from "./environment.ts";
import { type BatchedSpans, createBatchedSpans } from "./exporters/batched-spans.ts";
import { addressOf, type Destination, destinationOf } from "./exporters/destination.ts";
import { createSpanExporter } from "./exporters/otlp.ts";
import { type Addressee, collectorAt, createOutage, type Outage } from "./exporters/outage.ts";
import { type WatchedProcessor, watchProcessor } from "./exporters/watched-processor.ts";
import { TRACE_EXPORTERS, type TraceExporterName, type TracingOptions } from "./options.ts";
import type { Tell } from "./tell.ts";

/** The way of a span: made by the provider, batched, delivered. */
export interface Traces {
  readonly provider: BasicTracerProvider;
  /** Takes a span that the provider hasn't made. Hot path. */
  take(span: ReadableSpan): void;
  /** True when spans ended since the last flush. */
  readonly isPending: boolean;
  /** Resolves when all spans are delivered, or lost. */
  flush(): Promise<void>;
  /**
   * For the very end: gives what is left to a child process, and waits for at most `timeout` milliseconds. With 0 it only
   * says what is lost.
   */
  flushSync(timeout: number): void;
  shutdown(): Promise<void>;
  /** What isn't delivered by now counts as lost, and is told. */
  giveUp(): void;
}

/** What is told and counted of spans. */
export interface Losses {
  readonly tell: Tell;
  onLost(count: number): void;
}

/** Spans that go somewhere in batches. */
interface Sending {
  readonly spans: BatchedSpans;
  readonly to: Addressee;
  readonly outage: Outage;
  /** Of a collector; nothing is known of an exporter of one's own. */
  readonly destination: Destination | undefined;
}

const OWN_EXPORTER: Addressee = { name: "the exporter", remedy: "what does it say itself?" };

/** Spans that may wait for their batch, when `OTEL_BSP_MAX_QUEUE_SIZE` says nothing. */
const QUEUE_SIZE = 2048;
/** Batches that are sent to a collector at a time. */
const MOST_AT_ONCE = 16;

export function createTraces(
  options: TracingOptions,
  resource: Resource,
  environment: Environment,
  { tell, onLost }: Losses,
): Traces {
  const sendings: Sending[] = [];
  const queueSize = positiveOf(environment, "OTEL_BSP_MAX_QUEUE_SIZE", tell) ?? QUEUE_SIZE;
  const processors = exportersOf(options, environment, tell).map(processorFor);
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: processors,
    ...(options.sampler === undefined ? {} : { sampler: options.sampler }),
  });

  function processorFor(exporter: TraceExporterName | SpanExporter): WatchedProcessor {
    // To a terminal each span at once.
    if (exporter === "console") return watchProcessor(new SimpleSpanProcessor(new ConsoleSpanExporter()));
    if (exporter !== "otlp") return watchProcessor(send(exporter as SpanExporter, OWN_EXPORTER, undefined));
    const destination = destinationOf("traces", options, environment, tell);
    const to = collectorAt(addressOf("traces", destination, environment));
    return watchProcessor(send(createSpanExporter(destination), to, destination));
  }

  function send(exporter: SpanExporter, to: Addressee, destination: Destination | undefined): BatchedSpans {
    const outage = createOutage("spans", to, tell);
    let isFullTold = false;
    const spans = createBatchedSpans(exporter, {
      outage,
      queueSize,
      // By the specification an exporter is called again when it has answered.
      mostAtOnce: destination === undefined ? 1 : MOST_AT_ONCE,
      onLost,
      onFull() {
        outage.lost();
        // Of one that is away people know.
        if (isFullTold || outage.isAway) return;
        isFullTold = true;
        tell(
          "POLYLOG_E_COLLECTOR",
          `spans are lost: they end faster than ${to.name} takes them, and ${queueSize} wait already. ` +
            "droppedSpanCount() counts them; OTEL_BSP_MAX_QUEUE_SIZE lets more of them wait",
        );
      },
    });
    sendings.push({ spans, to, outage, destination });
    return spans;
  }

  /** Never rejects: who is told of an outage is told by the outage. */
  const settled = async (work: Promise<unknown>[]) => {
    await Promise.allSettled(work);
  };

  return {
    provider,
    take(span) {
      for (const processor of processors) processor.onEnd(span);
    },
    get isPending() {
      return processors.some((processor) => processor.isPending);
    },
    flush: () => settled(processors.map((processor) => processor.forceFlush())),
    flushSync(timeout) {
      // An exporter of one's own may be done at once; a collector is not.
      for (const { spans, destination } of sendings) if (destination !== undefined) spans.hold();
      // Batches reach their exporter before this returns.
      for (const processor of processors) void processor.forceFlush().catch(() => {});
      for (const { spans, to, outage, destination } of sendings) {
        const held = spans.held();
        if (held.length === 0) continue;
        // A collector that is away would only keep the process waiting.
        const isWorthIt = destination !== undefined && timeout > 0 && !outage.isAway;
        if (isWorthIt && sendAtEnd(held, destination, timeout)) continue;
        const { length } = spans.giveUp();
        tell(
          "POLYLOG_E_COLLECTOR",
          `${length} spans were lost at the end of the process: ${to.name} didn't take them in time`,
        );
      }
    },
    shutdown: () => settled(processors.map((processor) => processor.shutdown())),
    giveUp() {
      for (const { spans, to } of sendings) {
        const { length } = spans.giveUp();
        if (length === 0) continue;
        tell(
          "POLYLOG_E_COLLECTOR",
          `${length} spans were lost by shutdownTracing(): ${to.name} didn't take them in time`,
        );
      }
    },
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
