import type { Engine } from "@polylog/engine";
import type { Batcher } from "../batcher/batcher.ts";
import type { Decoding } from "../decoding/threads.ts";
import type { IntakeReport } from "../intake/report.ts";
import type { Spool } from "../spool/spool.ts";
import type { SelfLog } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** Adds what the parts of the server count to its metrics. */
export function registerFigures(
  metrics: Metrics,
  parts: {
    readonly batcher: Batcher;
    readonly engine: Engine;
    readonly self: SelfLog;
    readonly spool: Spool | undefined;
    readonly decoding: Decoding | undefined;
    readonly intake: () => IntakeReport;
  },
): void {
  const { batcher, engine, self, spool, decoding, intake } = parts;
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
  registerIntake(metrics, intake);
  if (spool !== undefined) registerSpool(metrics, spool);
  if (decoding !== undefined) registerDecoding(metrics, decoding);
}

/** What the page "Intake" tells of each service and protocol, and is no count. */
export function registerIntake({ gauge, gauges }: Metrics, report: () => IntakeReport): void {
  gauge(
    "queue_oldest_seconds",
    "Seconds for which the oldest request has waited.",
    () => report().oldestMs / 1000,
  );
  const kinds = [
    ["source", "service", () => report().sources],
    ["receiver", "protocol", () => report().receivers],
  ] as const;
  for (const [label, what, read] of kinds) {
    gauges(
      `${label}_queued_bytes`,
      `Bytes that wait for the store, by ${what}.`,
      label,
      () => read().map(({ name, queuedBytes }) => [name, queuedBytes]),
      (a, b) => a + b,
    );
    gauges(
      `${label}_ack_seconds`,
      `Seconds from taking to stored, or safe on disk, of the last request of each ${what}.`,
      label,
      () => secondsOf(read(), ({ ackMs }) => ackMs),
      Math.max,
    );
    gauges(
      `${label}_lag_seconds`,
      `Seconds by which the newest record of that request was old then, by ${what}.`,
      label,
      () => secondsOf(read(), ({ lagMs }) => lagMs),
      Math.max,
    );
  }
}

/** Leaves out those of which nothing was stored yet. */
function secondsOf<Row extends { readonly name: string }>(
  rows: readonly Row[],
  millisecondsOf: (row: Row) => number | null,
): (readonly [string, number])[] {
  return rows.flatMap((row) => {
    const milliseconds = millisecondsOf(row);
    return milliseconds === null ? [] : [[row.name, milliseconds / 1000] as const];
  });
}

function registerDecoding({ counter, gauge }: Metrics, decoding: Decoding): void {
  const read = () => decoding.statistics();
  gauge(
    "decoding_threads",
    "Threads that decode heavy requests, as far as they are started.",
    () => read().threads,
  );
  gauge("decoding_waiting", "Heavy requests that wait for a thread.", () => read().waiting);
  counter(
    "decoding_jobs_total",
    "Heavy requests, or pieces of them, that threads have decoded.",
    () => read().jobs,
  );
  counter(
    "decoding_lost_threads_total",
    "Threads that were lost to a request that took too much time or memory, or to a fault.",
    () => read().lostThreads,
  );
}

function registerSpool({ counter, gauge }: Metrics, spool: Spool): void {
  const read = () => spool.statistics();
  gauge("spool_records", "Records on disk that wait for the store.", () => read().records);
  gauge("spool_bytes", "Bytes of them.", () => read().bytes);
  gauge("spool_max_bytes", "Bytes that they may take.", () => read().maxBytes);
  gauge("spool_full", "1 while the spool has no room.", () => (read().isFull ? 1 : 0));
  gauge("spool_oldest_seconds", "Seconds for which the oldest of them has waited.", () => {
    const { oldestAt } = read();
    return oldestAt === null ? 0 : Math.max(0, (Date.now() - oldestAt) / 1000);
  });
  gauge("spool_aside_records", "Records kept aside: they can't be stored.", () => read().aside.records);
  gauge("spool_aside_bytes", "Bytes of them.", () => read().aside.bytes);
  gauge("spool_kept_damaged_bytes", "Bytes of damaged files that are kept.", () => read().keptDamagedBytes);
  counter("spool_records_total", "Records written to the spool.", () => read().spooledRecords);
  counter(
    "spool_refused_batches_total",
    "Batches that the spool had no room for.",
    () => read().refusedBatches,
  );
  counter(
    "spool_damaged_bytes_total",
    "Bytes of the spool that were passed over as damaged.",
    () => read().damagedBytes,
  );
}
