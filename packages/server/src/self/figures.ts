import type { Engine } from "@polylog/engine";
import type { Batcher } from "../batcher/batcher.ts";
import type { SelfLog } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** Adds what the parts of the server count to its metrics. */
export function registerFigures(
  metrics: Metrics,
  { batcher, engine, self }: { batcher: Batcher; engine: Engine; self: SelfLog },
): void {
  const { counter, gauge } = metrics;
  gauge(
    "queued_bytes",
    "Bytes of requests that wait or are under way.",
    () => batcher.statistics().queuedBytes,
  );
  gauge("queued_requests", "Requests that wait or are under way.", () => batcher.statistics().queuedRequests);
  counter(
    "turned_away_requests_total",
    "Requests told to come back because the queue was full.",
    () => batcher.statistics().turnedAway,
  );
  for (const signal of ["logs", "spans"] as const) {
    const read = () => batcher.statistics()[signal];
    counter(`${signal}_stored_total`, `Rows of ${signal} committed.`, () => read().rows);
    counter(`${signal}_inserts_total`, `Inserts of ${signal} committed.`, () => read().batches);
    counter(`${signal}_insert_failures_total`, `Inserts of ${signal} that failed.`, () => read().failures);
    counter(
      `${signal}_insert_seconds_total`,
      `Seconds that inserts of ${signal} took.`,
      () => read().insertMs / 1000,
    );
  }
  gauge("engine_ready", "1 while the engine answers.", () => (engine.status().state === "ready" ? 1 : 0));
  counter("engine_restarts_total", "Times the engine was started again.", () => engine.status().restarts);
  counter("self_dropped_records_total", "Records of the server's own log that were lost.", self.dropped);
}
