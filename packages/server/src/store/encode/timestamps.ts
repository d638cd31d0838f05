const NANOSECONDS_A_DAY = 86_400_000_000_000n;
const NANOSECONDS_A_MILLISECOND = 1_000_000n;

/** 1990-01-01: what is said to be older comes from a clock that was never set. */
const EARLIEST = 631_152_000_000_000_000n;

/**
 * The attribute that keeps a time that could not be stored as such: nanoseconds since 1970, decimal.
 */
export const ORIGINAL_TIMESTAMP = "polylog.original_timestamp";

/** Which times are believed. Nanoseconds since 1970. */
export interface TimeBounds {
  readonly now: bigint;
  readonly earliest: bigint;
  readonly latest: bigint;
  /** In whole milliseconds, and so that any time within one is within the bounds. */
  readonly earliestMilliseconds: number;
  readonly latestMilliseconds: number;
}

/**
 * Times from 1990 to one day ahead of this server's clock are stored as they are. Others come from a broken
 * clock: the record gets the time at which it was observed, or now, and keeps its own time in
 * {@link ORIGINAL_TIMESTAMP}. So no record is refused for its time, and none hides where nobody looks.
 *
 * @param now milliseconds since 1970
 */
export function timeBounds(now: number): TimeBounds {
  if (last.milliseconds !== now) last = { milliseconds: now, bounds: boundsAt(now) };
  return last.bounds;
}

/** Of the millisecond before: small requests come many in one. */
let last: { readonly milliseconds: number; readonly bounds: TimeBounds } = {
  milliseconds: 0,
  bounds: boundsAt(0),
};

function boundsAt(now: number): TimeBounds {
  const nanoseconds = BigInt(Math.trunc(now)) * NANOSECONDS_A_MILLISECOND;
  const latest = nanoseconds + NANOSECONDS_A_DAY;
  return {
    ...{ now: nanoseconds, earliest: EARLIEST, latest },
    earliestMilliseconds: Number(EARLIEST / NANOSECONDS_A_MILLISECOND),
    latestMilliseconds: Number(latest / NANOSECONDS_A_MILLISECOND) - 1,
  };
}

export function isBelievable(time: bigint, { earliest, latest }: TimeBounds): boolean {
  return time >= earliest && time <= latest;
}

/** The time itself, or else now. */
export function believable(time: bigint, bounds: TimeBounds): bigint {
  return isBelievable(time, bounds) ? time : bounds.now;
}
