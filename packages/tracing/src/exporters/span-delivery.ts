import type { ExportResult } from "@opentelemetry/core";
import { ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { Outage } from "./outage.ts";

/** An exporter that knows what it hasn't delivered yet, and so can hand it over when the process ends. */
export interface SpanDelivery extends SpanExporter {
  /** True when another batch would be sent at once, and not wait for those before it. */
  readonly hasRoom: boolean;
  /** Spans that were taken and wait for batches before them. */
  readonly waiting: number;
  /** Takes spans from now on without sending them. */
  hold(): void;
  /** What was taken and isn't answered: perhaps it didn't arrive. */
  held(): ReadableSpan[];
  /** The same, and from now on it counts as lost, whatever is answered. */
  giveUp(): ReadableSpan[];
}

/** What a delivery is made of. */
export interface DeliveryOptions {
  readonly outage: Outage;
  /** Batches that are sent at a time; OpenTelemetry's exporters refuse the 31st. */
  readonly mostAtOnce: number;
  onLost(count: number): void;
}

interface Batch {
  readonly spans: ReadableSpan[];
  readonly done: (result: ExportResult) => void;
}

/** Puts itself between OpenTelemetry's batches and its exporter. */
export function createSpanDelivery(
  exporter: SpanExporter,
  { outage, mostAtOnce, onLost }: DeliveryOptions,
): SpanDelivery {
  const unanswered = new Set<Batch>();
  const queue: Batch[] = [];
  const whenSettled: (() => void)[] = [];
  let waiting = 0;
  let sending = 0;
  let isHolding = false;

  function send(batch: Batch): void {
    let isAnswered = false;
    const answer = (result: ExportResult) => {
      if (isAnswered) return;
      isAnswered = true;
      sending--;
      if (unanswered.delete(batch)) finish(batch, result);
      batch.done(result);
      sendNext();
      settleIfDone();
    };
    sending++;
    try {
      exporter.export(batch.spans, answer);
    } catch (error) {
      answer({ code: ExportResultCode.FAILED, error: error as Error });
    }
  }

  function settleIfDone(): void {
    if (unanswered.size === 0) for (const settle of whenSettled.splice(0)) settle();
  }

  function sendNext(): void {
    const next = isHolding ? undefined : queue.shift();
    if (next === undefined) return;
    waiting -= next.spans.length;
    send(next);
  }

  function finish({ spans }: Batch, result: ExportResult): void {
    if (result.code === ExportResultCode.SUCCESS) {
      outage.succeeded();
      return;
    }
    onLost(spans.length);
    outage.failed(result.error, spans.length);
  }

  const held = () => [...unanswered].flatMap(({ spans }) => spans);

  async function forceFlush(): Promise<void> {
    if (unanswered.size > 0) await new Promise<void>((resolve) => whenSettled.push(resolve));
    await exporter.forceFlush?.();
  }

  return {
    get hasRoom() {
      return sending < mostAtOnce;
    },
    get waiting() {
      return waiting;
    },
    export(spans, done) {
      const batch = { spans, done };
      unanswered.add(batch);
      if (isHolding) done({ code: ExportResultCode.SUCCESS });
      else if (sending < mostAtOnce) send(batch);
      else {
        queue.push(batch);
        waiting += spans.length;
      }
    },
    hold() {
      isHolding = true;
    },
    held,
    giveUp() {
      const spans = held();
      unanswered.clear();
      queue.length = 0;
      waiting = 0;
      // Who waits for an answer to shut the exporter down waits no longer.
      settleIfDone();
      onLost(spans.length);
      return spans;
    },
    forceFlush,
    async shutdown() {
      await forceFlush();
      await exporter.shutdown();
    },
  };
}
