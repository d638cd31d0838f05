import { type Clock, resolveDay, resolveYear } from "./clock.ts";
import { epochTime } from "./epoch.ts";
import { scanZone } from "./scan-zone.ts";
import { type TimeZone, UTC } from "./zone.ts";

/** A time found in a text. */
export interface ScannedTime {
  /** Since 1970, UTC. */
  readonly nanoseconds: bigint;
  /** Where the text goes on behind it. */
  readonly end: number;
}

/**
 * Hot path. The time that a text shows at `start`, in any of the ways that log files write times:
 *
 * | Form | Where |
 * |---|---|
 * | `2026-11-21T10:41:07.123456Z`, `2026-11-21 10:41:07,123 +0100` | ISO 8601, RFC 3339, Python, log4j |
 * | `2026/11/21 10:41:07`, `2026.11.21 10:41:07.123`, `26/11/21 10:41:07` | Go, nginx, ClickHouse, Spark |
 * | `21/Nov/2026:10:41:07 +0100`, `21 Nov 2026 10:41:07.123` | Apache, nginx, Redis |
 * | `Nov 21 10:41:07`, `Nov 21 2026 10:41:07 GMT`, `Nov 21, 2026 10:41:07 AM` | syslog, Aerospike, java.util.logging |
 * | `Sat Nov 21 10:41:07.123456 2026`, `Sat, 21 Nov 2026 10:41:07 GMT` | Apache, RFC 1123 |
 * | `10:41:07.123` | Logback |
 * | `1763721667.123`, `1763721667123` | seconds to nanoseconds since 1970 |
 *
 * Reads each character at most a few times, whatever the text.
 */
export function scanTime(text: string, start: number, clock: Clock): ScannedTime | undefined {
  const first = text.charCodeAt(start);
  if (isDigit(first)) {
    const digits = countDigits(text, start, 20);
    if (digits === 4) return scanYearFirst(text, start, clock);
    if (digits <= 2) return scanDayFirst(text, start, digits, clock);
    if (digits === 8) return scanCompact(text, start, clock);
    return scanEpoch(text, start, digits);
  }
  const month = monthAt(text, start);
  if (month > 0) return scanMonthFirst(text, start + 3, month, clock);
  if (isWeekday(text, start)) return scanWeekdayFirst(text, start, clock);
  return undefined;
}

/**
 * The time that was read last. The formats of lines are tried one after the other, and most look for a time at the
 * same place; one that names its year is the same whenever it is read.
 */
let last: { readonly text: string; readonly start: number; readonly zone: TimeZone; time?: ScannedTime } = {
  text: "",
  start: -1,
  zone: UTC,
};

/** `2026-11-21…`, with `-`, `/` or `.` between. */
function scanYearFirst(text: string, start: number, clock: Clock): ScannedTime | undefined {
  const { zone } = clock;
  if (last.start === start && last.zone === zone && last.text === text) return last.time;
  const time = readYearFirst(text, start, clock);
  last = time === undefined ? { text, start, zone } : { text, start, zone, time };
  return time;
}

function readYearFirst(text: string, start: number, clock: Clock): ScannedTime | undefined {
  const separator = text.charCodeAt(start + 4);
  if (separator !== DASH && separator !== SLASH && separator !== DOT) return undefined;
  const month = twoDigits(text, start + 5);
  const day = twoDigits(text, start + 8);
  if (month < 0 || day < 0 || text.charCodeAt(start + 7) !== separator) return undefined;
  return finish(text, start + 10, fourDigits(text, start), month, day, clock);
}

/** `20261121T10:41:07` or `20261121 10:41:07`. */
function scanCompact(text: string, start: number, clock: Clock): ScannedTime | undefined {
  const year = fourDigits(text, start);
  return finish(text, start + 8, year, twoDigits(text, start + 4), twoDigits(text, start + 6), clock);
}

/** `21/Nov/2026:…`, `21 Nov 2026 …`, `21-Nov-2026 …`, `26/11/21 …` (year first), `10:41:07`. */
function scanDayFirst(text: string, start: number, digits: number, clock: Clock): ScannedTime | undefined {
  const head = digits === 2 ? twoDigits(text, start) : text.charCodeAt(start) - 48;
  const separator = text.charCodeAt(start + digits);
  if (separator === COLON) return digits === 2 ? scanBareTime(text, start, clock) : undefined;
  if (separator !== SLASH && separator !== SPACE && separator !== DASH) return undefined;
  const at = start + digits + 1;
  const month = monthAt(text, at);
  if (month > 0 && text.charCodeAt(at + 3) === separator && countDigits(text, at + 4, 5) === 4) {
    return finish(text, at + 8, fourDigits(text, at + 4), month, head, clock);
  }
  if (separator !== SLASH || digits !== 2) return undefined;
  const second = twoDigits(text, at);
  const third = twoDigits(text, at + 3);
  if (second < 0 || third < 0 || text.charCodeAt(at + 2) !== SLASH || isDigit(text.charCodeAt(at + 5))) {
    return undefined;
  }
  return finish(text, at + 5, 2000 + head, second, third, clock);
}

/** `10:41:07.123`, on the day that fits the clock. Needs seconds: `10:41` alone is any pair of numbers. */
function scanBareTime(text: string, start: number, clock: Clock): ScannedTime | undefined {
  const time = scanTimeOfDay(text, start);
  if (time === undefined || text.charCodeAt(start + 5) !== COLON) return undefined;
  const utc = clock.zone.toUtc(resolveDay(clock, time.milliseconds) + time.milliseconds);
  return { nanoseconds: toNanoseconds(utc, time.nanoseconds), end: time.end };
}

/** `1763721667.123` and longer. Shorter numbers are no times. */
function scanEpoch(text: string, start: number, digits: number): ScannedTime | undefined {
  if (digits !== 10 && digits !== 13 && digits !== 16 && digits !== 19) return undefined;
  let end = start + digits;
  if (text.charCodeAt(end) === DOT && isDigit(text.charCodeAt(end + 1))) {
    end += 1 + countDigits(text, end + 1, 9);
  }
  const nanoseconds = epochTime(text.slice(start, end));
  return nanoseconds === undefined ? undefined : { nanoseconds, end };
}

/** `Nov 21 10:41:07`, `Nov 21 2026 10:41:07`, `Nov 21, 2026 10:41:07 AM`. */
function scanMonthFirst(text: string, start: number, month: number, clock: Clock): ScannedTime | undefined {
  let at = skipSpaces(text, start);
  const digits = countDigits(text, at, 3);
  if (at === start || digits < 1 || digits > 2) return undefined;
  const day = digits === 2 ? twoDigits(text, at) : text.charCodeAt(at) - 48;
  at += digits;
  if (text.charCodeAt(at) === COMMA) at++;
  const next = skipSpaces(text, at);
  if (next === at) return undefined;
  if (countDigits(text, next, 5) === 4) {
    return finish(text, next + 4, fourDigits(text, next), month, day, clock);
  }
  // Apache and `date` write the year last.
  const time = scanTimeOfDay(text, next);
  if (time === undefined) return undefined;
  const zone = scanZone(text, time.end);
  const yearAt = (zone?.end ?? time.end) + 1;
  if (text.charCodeAt(yearAt - 1) === SPACE && countDigits(text, yearAt, 5) === 4) {
    const year = fourDigits(text, yearAt);
    if (year >= 1970 && year < 2100) {
      return compose(year, month, day, time, zone?.offset, yearAt + 4, clock);
    }
  }
  return compose(
    resolveYear(clock, month, day),
    month,
    day,
    time,
    zone?.offset,
    zone?.end ?? time.end,
    clock,
  );
}

/** `Sat Nov 21 10:41:07 2026`, `Sat, 21 Nov 2026 10:41:07 GMT`. */
function scanWeekdayFirst(text: string, start: number, clock: Clock): ScannedTime | undefined {
  const at = text.charCodeAt(start + 3) === COMMA ? start + 4 : start + 3;
  const next = skipSpaces(text, at);
  if (next === at) return undefined;
  const month = monthAt(text, next);
  if (month > 0) return scanMonthFirst(text, next + 3, month, clock);
  const digits = countDigits(text, next, 3);
  return digits === 1 || digits === 2 ? scanDayFirst(text, next, digits, clock) : undefined;
}

/** The rest of a time whose date ends at `at`: separator, time of day, zone. */
function finish(
  text: string,
  at: number,
  year: number,
  month: number,
  day: number,
  clock: Clock,
): ScannedTime | undefined {
  const separator = text.charCodeAt(at);
  if (separator === SPACE || separator === TAB) at = skipSpaces(text, at);
  else if (separator === UPPER_T || separator === LOWER_T || separator === COLON || separator === DASH) at++;
  else return undefined;
  const time = scanTimeOfDay(text, at);
  if (time === undefined) return undefined;
  const zone = scanZone(text, time.end);
  return compose(year, month, day, time, zone?.offset, zone?.end ?? time.end, clock);
}

interface TimeOfDay {
  /** Whole milliseconds since midnight. */
  readonly milliseconds: number;
  /** Nanoseconds within the millisecond. */
  readonly nanoseconds: number;
  readonly end: number;
}

/** `10:41`, `10:41:07`, `10:41:07.123456789` (or a comma), each with ` AM` or ` PM`. */
function scanTimeOfDay(text: string, start: number): TimeOfDay | undefined {
  const width = countDigits(text, start, 3);
  if (width !== 1 && width !== 2) return undefined;
  let hour = width === 2 ? twoDigits(text, start) : text.charCodeAt(start) - 48;
  let at = start + width;
  const minute = twoDigits(text, at + 1);
  if (text.charCodeAt(at) !== COLON || minute < 0 || minute > 59 || hour > 23) return undefined;
  at += 3;
  let second = 0;
  let fraction = 0;
  if (text.charCodeAt(at) === COLON) {
    second = twoDigits(text, at + 1);
    if (second < 0 || second > 60) return undefined;
    at += 3;
    const point = text.charCodeAt(at);
    if ((point === DOT || point === COMMA) && isDigit(text.charCodeAt(at + 1))) {
      let scale = 100_000_000;
      at++;
      for (let c = text.charCodeAt(at); isDigit(c); c = text.charCodeAt(++at)) {
        fraction += (c - 48) * scale;
        scale = Math.floor(scale / 10);
      }
    }
  }
  if (text.charCodeAt(at) === SPACE && (text.charCodeAt(at + 2) | 32) === 109) {
    const half = text.charCodeAt(at + 1) | 32;
    if ((half === 97 || half === 112) && hour >= 1 && hour <= 12 && !isLetter(text.charCodeAt(at + 3))) {
      hour = (hour % 12) + (half === 112 ? 12 : 0);
      at += 3;
    }
  }
  const milliseconds = ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(fraction / 1_000_000);
  return { milliseconds, nanoseconds: fraction % 1_000_000, end: at };
}

function compose(
  year: number,
  month: number,
  day: number,
  time: TimeOfDay,
  offset: number | undefined,
  end: number,
  clock: Clock,
): ScannedTime | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1900 || year > 2261) return undefined;
  const wall = Date.UTC(year, month - 1, day) + time.milliseconds;
  const utc = offset === undefined ? clock.zone.toUtc(wall) : wall - offset;
  return { nanoseconds: toNanoseconds(utc, time.nanoseconds), end };
}

function toNanoseconds(milliseconds: number, nanoseconds: number): bigint {
  return BigInt(milliseconds) * 1_000_000n + BigInt(nanoseconds);
}

const SPACE = 32;
const TAB = 9;
const COMMA = 44;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const UPPER_T = 84;
const LOWER_T = 116;

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isLetter(c: number): boolean {
  return (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
}

function countDigits(text: string, start: number, limit: number): number {
  let count = 0;
  while (count < limit && isDigit(text.charCodeAt(start + count))) count++;
  return count;
}

/** At most eight: columns are padded, but nobody pads a date with more. */
function skipSpaces(text: string, start: number): number {
  let at = start;
  while (at - start < 8 && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at++;
  return at;
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - 48) * 10 + ones - 48 : -1;
}

function fourDigits(text: string, at: number): number {
  return twoDigits(text, at) * 100 + twoDigits(text, at + 2);
}

const MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
const WEEKDAYS = "montuewedthufrisatsun";

/** 1 to 12 when the text has a month's three letters there, else 0. */
function monthAt(text: string, at: number): number {
  return indexOfThree(MONTHS, text, at) + 1;
}

function isWeekday(text: string, at: number): boolean {
  return indexOfThree(WEEKDAYS, text, at) >= 0;
}

function indexOfThree(names: string, text: string, at: number): number {
  const a = text.charCodeAt(at) | 32;
  const b = text.charCodeAt(at + 1) | 32;
  const c = text.charCodeAt(at + 2) | 32;
  for (let i = 0; i < names.length; i += 3) {
    if (names.charCodeAt(i) === a && names.charCodeAt(i + 1) === b && names.charCodeAt(i + 2) === c) {
      return i / 3;
    }
  }
  return -1;
}
