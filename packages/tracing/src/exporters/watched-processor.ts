import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace-base";

/** A processor that knows whether spans ended since they were last flushed. */
export interface WatchedProcessor extends SpanProcessor {
  readonly isPending: boolean;
}

/** Hot path: between a span's end and the batch that it goes into. */
export function watchProcessor(processor: SpanProcessor): WatchedProcessor {
  let isPending = false;
  return {
    get isPending() {
      return isPending;
    },
    onStart(span: Span, parent: Context) {
      processor.onStart(span, parent);
    },
    onEnd(span: ReadableSpan) {
      isPending = true;
      processor.onEnd(span);
    },
    forceFlush() {
      isPending = false;
      return processor.forceFlush();
    },
    shutdown() {
      isPending = false;
      return processor.shutdown();
    },
  };
}
