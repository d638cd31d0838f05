import { PolylogError } from "../../errors.ts";
import { type Size, toBytes } from "./size.ts";

/** How often a file is begun anew, at the full hour or midnight in UTC, as the times in it are. */
export type Interval = "minute" | "hour" | "day" | "week";

const MINUTE = 60_000;
const MILLISECONDS: Readonly<Record<Interval, number>> = {
  minute: MINUTE,
  hour: 60 * MINUTE,
  day: 24 * 60 * MINUTE,
  week: 7 * 24 * 60 * MINUTE,
};
/** 1970 began on a Thursday; weeks begin on Monday. */
const FIRST_MONDAY = 4 * MILLISECONDS.day;

/** When a file is full. */
export interface Rotation {
  /** Bytes; infinite without a limit. */
  readonly maxSize: number;
  /** Number of the period that a time lies in; always the same without an interval. */
  period(time: number): number;
}

/** @throws PolylogError `POLYLOG_E_CONFIG` */
export function createRotation(maxSize: Size | undefined, interval: Interval | undefined): Rotation {
  const length = interval === undefined ? Number.POSITIVE_INFINITY : MILLISECONDS[interval];
  if (length === undefined) {
    throw new PolylogError("POLYLOG_E_CONFIG", `fileSink: interval "${interval}" is not known`, {
      remedy: `Give one of ${Object.keys(MILLISECONDS).join(", ")}.`,
    });
  }
  const offset = interval === "week" ? FIRST_MONDAY : 0;
  return {
    maxSize: maxSize === undefined ? Number.POSITIVE_INFINITY : toBytes(maxSize),
    period: (time) => Math.floor((time - offset) / length),
  };
}
