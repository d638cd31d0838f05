import { Complaints } from "../decoded.ts";
import { Budget } from "../limits.ts";
import { readRequest } from "./envelope.ts";
import { fieldSet, type ProtobufReader } from "./reader.ts";

/** Tags in `Metric` of its kinds: gauge, sum, histogram, exponential histogram, summary. */
const KINDS = new Set([0x2a, 0x3a, 0x4a, 0x52, 0x5a]);
const METRIC_FIELDS = fieldSet(5, 7, 9, 10, 11);

/** The tag of the data points in each of them. */
const DATA_POINTS = 0x0a;

/**
 * Counts the data points of an `ExportMetricsServiceRequest` in protobuf.
 *
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST`, `POLYLOG_E_TOO_LARGE`
 */
export function countDataPoints(bytes: Buffer): number {
  const complaints = new Complaints("metric");
  const counts = readRequest(bytes, new Budget(bytes.length), complaints, countOfMetric);
  return complaints.decoded(counts).records.reduce((sum, count) => sum + count, 0);
}

function countOfMetric(reader: ProtobufReader): number {
  let count = 0;
  while (reader.hasMore()) {
    const tag = reader.readTag();
    if (KINDS.has(tag)) {
      const outer = reader.enter();
      while (reader.hasMore()) {
        const inner = reader.readTag();
        if (inner === DATA_POINTS) count++;
        reader.skip(inner, 0);
      }
      reader.leave(outer);
    } else reader.skip(tag, METRIC_FIELDS);
  }
  return count;
}
