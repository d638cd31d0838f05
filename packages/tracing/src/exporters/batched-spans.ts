import { type Context, TraceFlags } from "@opentelemetry/api";
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type Span,
  type SpanExporter,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { createSpanDelivery, type DeliveryOptions, type SpanDelivery } from "./span-delivery.ts";

/** Spans on their way to an exporter, in batches; whichever gets lost is counted. */
export interface BatchedSpans extends SpanProcessor, Pick<SpanDelivery, "hold" | "held" | "giveUp"> {}

export interface BatchOptions extends DeliveryOptions {
  /** Spans that may wait for their batch. */
  readonly queueSize: number;
  /** A span was lost for want of room. */
  onFull(): void;
}

/**
 * OpenTelemetry's batches, which alone send one after the other, and throw away without a word what comes meanwhile and finds
 * no room. Here a queue that is half full is sent at once, beside the batches that are on their way: a burst of thousands
 * of spans in one turn of the event loop arrives. What finds no room all the same is told.
 */
export function createBatchedSpans(exporter: SpanExporter, options: BatchOptions): BatchedSpans {
  const { outage, queueSize, onLost, onFull } = options;
  const delivery = createSpanDelivery(exporter, options);
  let queued = 0;
  const take = delivery.export.bind(delivery);
  delivery.export = (spans, done) => {
    queued -= spans.length;
    take(spans, done);
  };
  const processor = new BatchSpanProcessor(delivery, { maxQueueSize: queueSize });
  const early = Math.ceil(queueSize / 2);
  let isShut = false;

  return {
    hold: delivery.hold,
    held: delivery.held,
    giveUp: delivery.giveUp,
    onStart(span: Span, parent: Context) {
      processor.onStart(span, parent);
    },
    /** Hot path: runs for each span. */
    onEnd(span: ReadableSpan) {
      if (isShut || (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      if (queued + delivery.waiting >= queueSize) {
        onLost(1);
        onFull();
        return;
      }
      queued++;
      processor.onEnd(span);
      // One that is away is not asked more often for it.
      if (queued >= early && delivery.hasRoom && !outage.isAway) processor.forceFlush().catch(() => {});
    },
    async forceFlush() {
      await Promise.allSettled([processor.forceFlush(), delivery.forceFlush?.()]);
    },
    async shutdown() {
      isShut = true;
      // At once, so that a process that ends meanwhile finds all of it in what is held.
      const flushed = processor.forceFlush();
      await Promise.allSettled([flushed, processor.shutdown()]);
    },
  };
}
