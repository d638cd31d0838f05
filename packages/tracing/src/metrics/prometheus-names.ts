import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";

/**
 * The names that every Prometheus client uses for what a process takes, and that dashboards look for, by OpenTelemetry's name for
 * the same.
 *
 * @see https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
 */
const NAMES: Readonly<Record<string, string>> = {
  "process.cpu.time": "process.cpu",
  "process.memory.usage": "process.resident_memory",
  "process.unix.file_descriptor.count": "process.open_fds",
};

/** How units are called at the end of a name; others, those in braces among them, stay out of it. */
const UNITS: Readonly<Record<string, string>> = {
  s: "seconds",
  ms: "milliseconds",
  By: "bytes",
  "1": "ratio",
};

/**
 * The same metrics under the names of Prometheus: `db.client.operation.duration` in `s` is
 * `db_client_operation_duration_seconds`. The serializer turns dots into underscores and appends `_total` to counters.
 *
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
export function withPrometheusNames(metrics: ResourceMetrics): ResourceMetrics {
  return {
    ...metrics,
    scopeMetrics: metrics.scopeMetrics.map((scope) => ({
      ...scope,
      metrics: scope.metrics.map((metric) => {
        const { name, unit } = metric.descriptor;
        return {
          ...metric,
          descriptor: { ...metric.descriptor, name: prometheusName(name, unit), unit: "" },
        };
      }),
    })),
  };
}

function prometheusName(name: string, unit: string): string {
  const known = NAMES[name] ?? name;
  const suffix = UNITS[unit];
  return suffix === undefined || known.endsWith(`.${suffix}`) ? known : `${known}.${suffix}`;
}
