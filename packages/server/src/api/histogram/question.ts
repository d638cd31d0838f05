import type { QueryLimits } from "../../config/server-config.ts";
import { countQuestion } from "../count-question.ts";
import type { RecordFilter } from "../filter.ts";
import type { Question } from "../question.ts";
import type { Window } from "../window.ts";

/** Width of the store's `Bucket`, in seconds. */
const BUCKET_SECONDS = 300;

/** Counts by bar and severity number; a bar is told by how many intervals after 1970 it begins. */
export function histogramQuestion(
  window: Window,
  filter: RecordFilter,
  intervalSeconds: number,
  limits: QueryLimits,
): Question {
  // Bars of whole buckets are read from the bucket, a column that costs next to nothing to read.
  const time = intervalSeconds % BUCKET_SECONDS === 0 ? "Bucket" : "Timestamp";
  const keys = [
    { sql: `intDiv(toUnixTimestamp(${time}), {interval:UInt32})`, name: "Bar" },
    { sql: "SeverityNumber", name: "Severity" },
  ];
  const question = countQuestion({ window, condition: filter, keys, suffix: "ORDER BY Bar" }, limits);
  return { ...question, parameters: { ...question.parameters, interval: intervalSeconds } };
}
