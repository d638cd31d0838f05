import type { LogFilter } from "../filter.ts";
import { groupedCount } from "../grouped-count.ts";
import type { Statement } from "../statement.ts";
import type { Window } from "../window.ts";

/** Width of the store's `Bucket`, in seconds. */
const BUCKET_SECONDS = 300;

/** Counts by bar and severity number; a bar is told by how many intervals after 1970 it begins. */
export function histogramStatement(window: Window, filter: LogFilter, intervalSeconds: number): Statement {
  // Bars of whole buckets are read from the bucket, a column that costs next to nothing to read.
  const time = intervalSeconds % BUCKET_SECONDS === 0 ? "Bucket" : "Timestamp";
  const counts = groupedCount({
    window,
    condition: filter,
    keys: [
      { sql: `intDiv(toUnixTimestamp(${time}), {interval:UInt32})`, name: "Bar" },
      { sql: "SeverityNumber", name: "Severity" },
    ],
  });
  return {
    sql: `${counts.sql}\nORDER BY Bar`,
    parameters: { ...counts.parameters, interval: intervalSeconds },
  };
}
