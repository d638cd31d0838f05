import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { ReceiverCounters, SourceCounters } from "../intake/counters.ts";

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
  /**
   * A figure of each source or receiver, read when asked for.
   *
   * @param together makes one figure of those of all sources that have none of their own
   */
  gauges(
    name: string,
    help: string,
    label: "source" | "receiver",
    read: () => Iterable<readonly [of: string, value: number]>,
    together: (a: number, b: number) => number,
  ): void;
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

  const addRecords = sumsOf(
    "accepted_records_total",
    "Records committed to the store and acknowledged.",
    "receiver",
  );
  const addBytes = sumsOf(
    "accepted_bytes_total",
    "Bytes of the requests whose records were committed, decoded.",
    "receiver",
  );
  const rejected = new Counter({
    name: "polylog_rejected_records_total",
    help: "Records refused, or requests where records could not be told apart.",
    labelNames: ["receiver", "reason"],
    registers,
  });

  const addSourceRecords = sumsOf(
    "source_records_total",
    "Records committed, by the service that sent them: the first hundred services, and all others together.",
    "source",
  );
  const addSourceBytes = sumsOf(
    "source_bytes_total",
    "Bytes of the requests whose records were committed, by service.",
    "source",
  );
  const sourceRefused = new Counter({
    name: "polylog_source_refused_records_total",
    help: "Records refused once they were read, by service and reason.",
    labelNames: ["source", "reason"],
    registers,
  });
  const known = new Set<string>();

  /** A figure that every request adds to: a counter of the registry, which is told only when it is asked. */
  function sumsOf(name: string, help: string, label: string): (value: string, amount: number) => void {
    const sums = new Map<string, number>();
    new Counter({
      name: `polylog_${name}`,
      help,
      labelNames: [label],
      registers,
      collect() {
        for (const [value, sum] of sums) this.inc({ [label]: value }, sum);
        sums.clear();
      },
    });
    return (value, amount) => sums.set(value, (sums.get(value) ?? 0) + amount);
  }

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
        addSourceRecords(label, records);
        addSourceBytes(label, bytes);
      },
      refused(source, records, reason) {
        sourceRefused.inc({ source: labelOf(source), reason }, records);
      },
    },
    counters: {
      accepted(receiver, records, bytes) {
        addRecords(receiver, records);
        addBytes(receiver, bytes);
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
    gauges(name, help, label, read, together) {
      new Gauge({
        name: `polylog_${name}`,
        help,
        labelNames: [label],
        registers,
        collect() {
          const values = new Map<string, number>();
          for (const [of, value] of read()) {
            const known = label === "source" ? labelOf(of) : of;
            const other = values.get(known);
            values.set(known, other === undefined ? value : together(other, value));
          }
          this.reset();
          for (const [of, value] of values) this.set({ [label]: of }, value);
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
