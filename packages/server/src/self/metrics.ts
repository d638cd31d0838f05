import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { ReceiverCounters } from "../receivers/receiver.ts";

/** What is counted of each source. */
export interface SourceCounters {
  /** Records committed. */
  accepted(source: string, records: number, bytes: number): void;
  refused(source: string, records: number, reason: string): void;
}

/** Sources that have figures of their own: those that come first. */
const MAX_SOURCES = 100;
/** The name of all others. */
const OTHERS = "(others)";

/** The server's own figures, in Prometheus' text format at `/metrics`. */
export interface Metrics {
  readonly counters: ReceiverCounters;
  readonly sources: SourceCounters;
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

  const sourceRecords = new Counter({
    name: "polylog_source_records_total",
    help: "Records committed, by the service that sent them: the first hundred services, and all others together.",
    labelNames: ["source"],
    registers,
  });
  const sourceBytes = new Counter({
    name: "polylog_source_bytes_total",
    help: "Bytes of the requests whose records were committed, by service.",
    labelNames: ["source"],
    registers,
  });
  const sourceRefused = new Counter({
    name: "polylog_source_refused_records_total",
    help: "Records refused once they were read, by service and reason.",
    labelNames: ["source", "reason"],
    registers,
  });
  const known = new Set<string>();

  /** A service's name comes from outside: as many labels as there are names would fill the memory. */
  function labelOf(source: string): string {
    if (known.has(source)) return source;
    if (known.size >= MAX_SOURCES) return OTHERS;
    known.add(source);
    return source;
  }

  return {
    sources: {
      accepted(source, records, bytes) {
        const label = labelOf(source);
        sourceRecords.inc({ source: label }, records);
        sourceBytes.inc({ source: label }, bytes);
      },
      refused(source, records, reason) {
        sourceRefused.inc({ source: labelOf(source), reason }, records);
      },
    },
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
