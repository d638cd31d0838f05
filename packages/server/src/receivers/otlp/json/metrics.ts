import { Complaints } from "../decoded.ts";
import { Budget } from "../limits.ts";
import { convertRequest, type EnvelopeNames } from "./envelope.ts";
import { type JsonObject, listOf, objectOf } from "./values.ts";

const NAMES: EnvelopeNames = {
  resources: ["resourceMetrics", "resource_metrics"],
  scopes: ["scopeMetrics", "scope_metrics"],
  records: ["metrics", "metrics"],
};

/** Counts the data points of an `ExportMetricsServiceRequest` in JSON, like `countDataPoints`. */
export function countJsonDataPoints(bytes: Buffer): number {
  const complaints = new Complaints("metric");
  const counts = convertRequest(bytes, NAMES, new Budget(bytes.length), complaints, countOfMetric);
  return complaints.decoded(counts).records.reduce((sum, count) => sum + count, 0);
}

function countOfMetric(metric: JsonObject): number {
  const kind =
    metric.gauge ??
    metric.sum ??
    metric.histogram ??
    metric.exponentialHistogram ??
    metric.exponential_histogram ??
    metric.summary;
  const { dataPoints, data_points } = objectOf(kind, "metric");
  return listOf(dataPoints ?? data_points, "dataPoints").length;
}
