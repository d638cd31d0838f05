import type { Zone } from "../../time/zone.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Steps that a person can read off a clock or a calendar, in milliseconds. */
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 365].map((count) => count * DAY),
];

/** Round times of the reader's clock for an axis, at most so many. */
export function timesOf(
  { from, to }: { readonly from: number; readonly to: number },
  most: number,
  zone: Zone,
): readonly number[] {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? (to - from) / most;
  // Days begin by the reader's clock.
  const shift = zone === "utc" ? 0 : new Date(from).getTimezoneOffset() * MINUTE;
  const times: number[] = [];
  for (let time = Math.ceil((from - shift) / step) * step + shift; time < to; time += step) times.push(time);
  return times;
}
