import type { ExportResult } from "@opentelemetry/core";
import { ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { Outage } from "./outage.ts";

/** An exporter that knows what it hasn't delivered yet, and so can hand it over when the process ends. */
export interface SpanDelivery extends SpanExporter {
  /** Spans that got lost because the collector didn't take them. */
  readonly lost: number;
  /** Takes spans from now on without sending them. */
  hold(): void;
  /** What was taken since `hold`, and what was sent and not answered: perhaps it didn't arrive. */
  held(): ReadableSpan[];
}

/** Puts itself between OpenTelemetry's batches and its exporter. */
export function createSpanDelivery(exporter: SpanExporter, outage: Outage): SpanDelivery {
  const underway = new Set<readonly ReadableSpan[]>();
  let isHolding = false;
  let lost = 0;

  function finish(spans: readonly ReadableSpan[], result: ExportResult): void {
    underway.delete(spans);
    if (result.code === ExportResultCode.SUCCESS) {
      outage.succeeded();
      return;
    }
    lost += spans.length;
    outage.failed(result.error, spans.length);
  }

  return {
    get lost() {
      return lost;
    },
    export(spans, done) {
      underway.add(spans);
      if (isHolding) {
        done({ code: ExportResultCode.SUCCESS });
        return;
      }
      exporter.export(spans, (result) => {
        finish(spans, result);
        done(result);
      });
    },
    hold() {
      isHolding = true;
    },
    held: () => [...underway].flat(),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
