const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths of a bar that a person can read off a clock or a calendar, in milliseconds. */
const INTERVALS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * DAY),
] as const;

/**
 * The narrowest round width that divides a length of time into at most `bars` bars, in milliseconds.
 *
 * @example
 * niceInterval(24 * 3_600_000, 60); // 1800000
 */
export function niceInterval(length: number, bars: number): number {
  const widest = INTERVALS[INTERVALS.length - 1] as number;
  return (
    INTERVALS.find((interval) => length / interval <= bars) ?? Math.ceil(length / bars / widest) * widest
  );
}
