import { dayOf, mondayOf, timeOf, type Zone } from "./calendar.ts";
import { lengthOf, shortLength } from "./length.ts";
import { type Moment, momentOf, onDay } from "./moment.ts";

/** Why a text is no time. */
export interface TimeError {
  readonly message: string;
  readonly expected: readonly string[];
}

/** Milliseconds since 1970; `to` is exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
  /** The text of a range that moves with the clock (`15m`, `today`), to be read again later; else `null`. */
  readonly relative: string | null;
}

export type TimeRangeResult =
  | { readonly ok: true; readonly range: TimeRange }
  | { readonly ok: false; readonly error: TimeError };

export type InstantResult =
  /** Milliseconds since 1970. */
  { readonly ok: true; readonly time: number } | { readonly ok: false; readonly error: TimeError };

const INSTANTS = ["2026-11-20T14:00:00Z", "now-15m", "yesterday 14:00", "milliseconds since 1970"] as const;
const RANGES = ["15m", "last 2 hours", "yesterday", "2026-11-20 14:00 to 15:00"] as const;

/** What parts the two ends of a range. */
const SEPARATOR = / (?:to|until|till|-|–|—) | ?\.\. ?|\//;
const LAST = /^(?:last|past) (.+)$/;
const THIS = /^this (minute|hour|week|month|year)$/;

/**
 * Reads a point in time: absolute, relative to now (`now-15m`), or a length of time, which means ago (`15m`).
 *
 * @param now milliseconds since 1970
 * @param zone of times without an offset. @defaultValue `"utc"`
 *
 * @example
 * parseInstant("now-15m", 900_000); // { ok: true, time: 0 }
 */
export function parseInstant(text: string, now: number, zone: Zone = "utc"): InstantResult {
  const plain = normal(text);
  const length = lengthOf(plain);
  if (length !== undefined) return { ok: true, time: now - length };
  const moment = momentOf(plain, now, zone);
  if (moment !== undefined && isTime(moment.time)) return { ok: true, time: moment.time };
  return { ok: false, error: { message: `\`${shown(text)}\` is not a time`, expected: INSTANTS } };
}

/**
 * Reads a range of time as people type it: a length back from now, a day or month, or from one point to another.
 *
 * @param now milliseconds since 1970
 * @param zone of times without an offset. @defaultValue `"local"`
 *
 * @example
 * parseTimeRange("last 15 minutes", 900_000); // { ok: true, range: { from: 0, to: 900000, relative: "15m" } }
 */
export function parseTimeRange(text: string, now: number, zone: Zone = "local"): TimeRangeResult {
  const plain = normal(text);
  const range = lengthRange(plain, now) ?? calendarRange(plain, now, zone) ?? twoEnds(plain, now, zone);
  if (range === undefined || !isTime(range.from) || !isTime(range.to)) {
    return failed(`\`${shown(text)}\` is not a time range`, RANGES);
  }
  if (range.from >= range.to) {
    return range.from >= now
      ? failed(`\`${shown(text)}\` lies in the future`, RANGES)
      : failed(`\`${shown(text)}\` ends before it begins`, RANGES);
  }
  return { ok: true, range };
}

function failed(message: string, expected: readonly string[]): TimeRangeResult {
  return { ok: false, error: { message, expected } };
}

/** `15m`, `last 15 minutes`, `last hour`: the time up to now. */
function lengthRange(text: string, now: number): TimeRange | undefined {
  const written = LAST.exec(text)?.[1];
  const length = lengthOf(written ?? text) ?? (written === undefined ? undefined : lengthOf(`1 ${written}`));
  return length === undefined ? undefined : { from: now - length, to: now, relative: shortLength(length) };
}

/** `this week` up to now, a whole day or month, and a point in time up to now. */
function calendarRange(text: string, now: number, zone: Zone): TimeRange | undefined {
  const unit = THIS.exec(text)?.[1];
  if (unit !== undefined) return { from: startOf(unit, now, zone), to: now, relative: text };
  const since = /^since (.+)$/.exec(text)?.[1];
  const moment = momentOf(since ?? text, now, zone);
  if (moment === undefined) return undefined;
  const isWhole = since === undefined && moment.precision !== "instant";
  const to = isWhole && moment.end <= now ? moment.end : now;
  return { from: moment.time, to, relative: to === now || moment.isRelative ? text : null };
}

function startOf(unit: string, now: number, zone: Zone): number {
  const today = dayOf(now, zone);
  switch (unit) {
    case "minute":
      return now - (now % 60_000);
    case "hour":
      return timeOf({ ...today, hour: hourOf(now, zone) }, zone);
    case "week":
      return timeOf(mondayOf(today), zone);
    case "month":
      return timeOf({ ...today, day: 1 }, zone);
    default:
      return timeOf({ ...today, month: 1, day: 1 }, zone);
  }
}

function hourOf(time: number, zone: Zone): number {
  return zone === "utc" ? new Date(time).getUTCHours() : new Date(time).getHours();
}

/** `… to …`. A time of day at the end is on the day of the start, or on the next when it is earlier. */
function twoEnds(text: string, now: number, zone: Zone): TimeRange | undefined {
  const ends = text.replace(/^(?:from|between) /, "").split(SEPARATOR);
  if (ends.length !== 2) return undefined;
  const [from, to] = ends.map((end) => momentOf(end, now, zone));
  if (from === undefined || to === undefined) return undefined;
  return {
    from: from.time,
    to: endOf(from, to, zone),
    relative: from.isRelative || (to.isRelative && to.clock === null) ? text : null,
  };
}

function endOf(from: Moment, to: Moment, zone: Zone): number {
  if (to.clock === null) return to.end;
  const day = dayOf(from.time, zone);
  const end = onDay(day, to.clock, zone);
  return end > from.time ? end : onDay({ ...day, day: day.day + 1 }, to.clock, zone);
}

/** In lower case, with single blanks; a text that no time is as long as becomes none. */
function normal(text: string): string {
  return text.length > 100 ? "" : text.trim().replace(/\s+/g, " ").toLowerCase();
}

function isTime(time: number): boolean {
  return Number.isFinite(time) && Math.abs(time) <= 8.64e15;
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
