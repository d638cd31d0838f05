import { type CalendarTime, dayOf, isReal, timeOf, type Zone } from "./calendar.ts";
import { lengthOf } from "./length.ts";

/** A point in time as it was written. */
export interface Moment {
  /** Milliseconds since 1970: of its beginning when it is a day or a month. */
  readonly time: number;
  /** What its end is: a day named as the end of a range belongs to it. */
  readonly end: number;
  readonly precision: "instant" | "day" | "month";
  /** Whether it moves with the clock. */
  readonly isRelative: boolean;
  /** For a time of day without a day. */
  readonly clock: Pick<CalendarTime, "hour" | "minute" | "second" | "millisecond"> | null;
}

const DATE = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:[t ](.+))?$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(z|utc|[+-]\d{2}:?\d{2})?$/;
const DAY_WORD = /^(today|yesterday)(?: (?:at )?(.+))?$/;
const FROM_NOW = /^now ?([+-]) ?(.+)$/;
const AGO = /^(?:-(.+)|(.+) ago)$/;

/**
 * Reads a point in time, in lower case with single blanks: absolute (RFC 3339, a date, a date and a time, since
 * 1970 in seconds, milliseconds, microseconds or nanoseconds by the number of digits) or relative (`now`,
 * `now-15m`, `15m ago`, `yesterday 14:00`, `14:00`).
 */
export function momentOf(text: string, now: number, zone: Zone): Moment | undefined {
  return (
    relativeMoment(text, now) ?? epochMoment(text) ?? dayMoment(text, now, zone) ?? dateMoment(text, zone)
  );
}

/** A time of day on a day. */
export function onDay(day: CalendarTime, clock: NonNullable<Moment["clock"]>, zone: Zone): number {
  return timeOf({ ...day, ...clock }, zone);
}

function instant(time: number, isRelative: boolean): Moment {
  return { time, end: time, precision: "instant", isRelative, clock: null };
}

function relativeMoment(text: string, now: number): Moment | undefined {
  if (text === "now") return instant(now, true);
  const [, sign, written] = FROM_NOW.exec(text) ?? [];
  if (written !== undefined) {
    const length = lengthOf(written);
    return length === undefined ? undefined : instant(sign === "-" ? now - length : now + length, true);
  }
  const [, dashed, ago] = AGO.exec(text) ?? [];
  const length = lengthOf(dashed ?? ago ?? "");
  return length === undefined ? undefined : instant(now - length, true);
}

/** Since 1970. Ten digits are seconds: as milliseconds they would all lie before May 1970. */
function epochMoment(text: string): Moment | undefined {
  if (!/^\d{1,19}$/.test(text)) return undefined;
  const number = Number(text);
  switch (text.length) {
    case 10:
      return instant(number * 1000, false);
    case 16:
      return instant(Math.floor(number / 1000), false);
    case 19:
      return instant(Math.floor(number / 1_000_000), false);
    default:
      return text.length <= 14 ? instant(number, false) : undefined;
  }
}

/** `today`, `yesterday`, with or without a time of day, and a time of day alone: the last one that was. */
function dayMoment(text: string, now: number, zone: Zone): Moment | undefined {
  const today = dayOf(now, zone);
  const [, word, rest] = DAY_WORD.exec(text) ?? [];
  const day = word === "yesterday" ? { ...today, day: today.day - 1 } : today;
  if (word !== undefined && rest === undefined) return { ...wholeDay(day, zone), isRelative: true };
  const clock = clockOf(rest ?? text);
  if (clock === undefined || clock.offset !== undefined) return undefined;
  const time = onDay(day, clock.time, zone);
  const isPast = word !== undefined || time <= now;
  return {
    ...instant(isPast ? time : onDay({ ...day, day: day.day - 1 }, clock.time, zone), true),
    clock: word === undefined ? clock.time : null,
  };
}

function dateMoment(text: string, zone: Zone): Moment | undefined {
  const [, year, month, day, rest] = DATE.exec(text) ?? [];
  if (year === undefined) return undefined;
  const midnight = {
    year: Number(year),
    month: Number(month),
    day: Number(day ?? 1),
    ...{ hour: 0, minute: 0, second: 0, millisecond: 0 },
  };
  if (!isReal(midnight)) return undefined;
  if (rest === undefined) return day === undefined ? wholeMonth(midnight, zone) : wholeDay(midnight, zone);
  const clock = day === undefined ? undefined : clockOf(rest);
  if (clock === undefined) return undefined;
  const isUtc = clock.offset !== undefined;
  return instant(onDay(midnight, clock.time, isUtc ? "utc" : zone) - (clock.offset ?? 0), false);
}

function wholeDay(day: CalendarTime, zone: Zone): Moment {
  const end = timeOf({ ...day, day: day.day + 1 }, zone);
  return { time: timeOf(day, zone), end, precision: "day", isRelative: false, clock: null };
}

function wholeMonth(day: CalendarTime, zone: Zone): Moment {
  const end = timeOf({ ...day, month: day.month + 1 }, zone);
  return { time: timeOf(day, zone), end, precision: "month", isRelative: false, clock: null };
}

/** A time of day, and its offset from UTC in milliseconds if it has one. */
function clockOf(
  text: string,
): { readonly time: NonNullable<Moment["clock"]>; readonly offset: number | undefined } | undefined {
  const match = CLOCK.exec(text);
  if (match === null) return undefined;
  const [, hour, minute, second = "0", fraction = "", zone] = match;
  const time = {
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.slice(0, 3).padEnd(3, "0")),
  };
  if (time.hour > 23 || time.minute > 59 || time.second > 59) return undefined;
  return { time, offset: zone === undefined ? undefined : offsetOf(zone) };
}

function offsetOf(zone: string): number {
  if (zone === "z" || zone === "utc") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}
