import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { ReceiverCounters } from "../receivers/receiver.ts";

/** The server's own figures, in Prometheus' text format at `/metrics`. */
export interface Metrics {
  readonly counters: ReceiverCounters;
  /** A figure that is read when asked for. `name` without the `polylog_` in front. */
  gauge(name: string, help: string, read: () => number): void;
  /** A figure that only grows, counted elsewhere and read when asked for. */
  counter(name: string, help: string, read: () => number): void;
  readonly contentType: string;
  render(): Promise<string>;
}

/**
 * Makes an empty set of metrics with those of the process (CPU, memory, event loop) in it.
 *
 * @example
 * const metrics = createMetrics();
 * metrics.counters.accepted("otlp", 100, 23_000);
 * await metrics.render(); // … polylog_accepted_records_total{receiver="otlp"} 100 …
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const accepted = new Counter({
    name: "polylog_accepted_records_total",
    help: "Records committed to the store and acknowledged.",
    labelNames: ["receiver"],
    registers,
  });
  const acceptedBytes = new Counter({
    name: "polylog_accepted_bytes_total",
    help: "Bytes of the requests whose records were committed, decoded.",
    labelNames: ["receiver"],
    registers,
  });
  const rejected = new Counter({
    name: "polylog_rejected_records_total",
    help: "Records refused, or requests where records could not be told apart.",
    labelNames: ["receiver", "reason"],
    registers,
  });

  return {
    counters: {
      accepted(receiver, records, bytes) {
        accepted.inc({ receiver }, records);
        acceptedBytes.inc({ receiver }, bytes);
      },
      rejected(receiver, records, reason) {
        rejected.inc({ receiver, reason }, records);
      },
    },
    gauge(name, help, read) {
      new Gauge({
        name: `polylog_${name}`,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    counter(name, help, read) {
      let seen = 0;
      new Counter({
        name: `polylog_${name}`,
        help,
        registers,
        collect() {
          const total = read();
          this.inc(Math.max(0, total - seen));
          seen = total;
        },
      });
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}
