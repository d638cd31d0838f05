import { createNoopMeter, type Histogram, type Meter } from "@opentelemetry/api";

/** The name by OpenTelemetry's conventions. Prometheus gets it as `db_client_operation_duration_seconds`. */
export const DURATION_METRIC = "db.client.operation.duration";

const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];
const NOTHING = createNoopMeter().createHistogram(DURATION_METRIC);

/** How long operations take; `undefined` when nobody collects metrics, so that no clock is read for it. */
export function durationHistogram(meter: Meter): Histogram | undefined {
  const histogram = meter.createHistogram(DURATION_METRIC, {
    description: "Duration of database client operations.",
    unit: "s",
    advice: { explicitBucketBoundaries: BUCKETS },
  });
  return histogram === NOTHING ? undefined : histogram;
}
