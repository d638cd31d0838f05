import type { HistogramResponse, RowLevel } from "@polylog/server/contract";

/** From the ground up: what is worst stands on the axis, where heights can be compared. */
export const STACK_ORDER = [
  "fatal",
  "error",
  "warn",
  "info",
  "debug",
  "trace",
  "unset",
] as const satisfies readonly RowLevel[];

export interface Stack {
  /** Starts of the bars in milliseconds, without gaps. */
  readonly times: readonly number[];
  /** For each level of {@link STACK_ORDER}, the height up to and including it. */
  readonly tops: readonly (readonly number[])[];
  readonly counts: readonly HistogramResponse["buckets"][number]["counts"][];
  readonly totals: readonly number[];
}

/** More bars than this are never drawn, whatever an answer says. */
const MOST_BARS = 2000;

/** The bars of an answer, with the empty ones that it leaves out, as stacked heights. */
export function stack(histogram: Pick<HistogramResponse, "from" | "to" | "interval" | "buckets">): Stack {
  const { from, to, interval } = histogram;
  const byTime = new Map(histogram.buckets.map((bucket) => [bucket.time, bucket.counts]));
  const times: number[] = [];
  const step = interval > 0 ? interval : 1;
  const first = histogram.buckets[0]?.time ?? from;
  const start = first - Math.ceil(Math.max(0, first - from) / step) * step;
  for (let time = start; time < to && times.length < MOST_BARS; time += step) times.push(time);
  const counts = times.map((time) => byTime.get(time) ?? {});
  const heights = times.map(() => 0);
  const tops = STACK_ORDER.map((level) =>
    times.map((_, index) => {
      heights[index] = (heights[index] ?? 0) + (counts[index]?.[level] ?? 0);
      return heights[index] as number;
    }),
  );
  return { times, tops, counts, totals: heights };
}

/** The bar that holds a moment, or -1. */
export function barAt(times: readonly number[], interval: number, ms: number): number {
  const first = times[0];
  if (first === undefined) return -1;
  const index = Math.floor((ms - first) / interval);
  return index >= 0 && index < times.length ? index : -1;
}
