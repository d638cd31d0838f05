import type { Zone } from "./zone.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** By the getters rather than by `Intl`: a screen of rows is formatted on every scroll, and `Intl` costs 20 times more. */
function partsOf(ms: number, zone: Zone): Parts {
  const date = new Date(ms);
  return zone === "utc"
    ? {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth(),
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
        millisecond: date.getUTCMilliseconds(),
      }
    : {
        year: date.getFullYear(),
        month: date.getMonth(),
        day: date.getDate(),
        hour: date.getHours(),
        minute: date.getMinutes(),
        second: date.getSeconds(),
        millisecond: date.getMilliseconds(),
      };
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

function three(number: number): string {
  return String(number).padStart(3, "0");
}

/** Milliseconds since 1970 of an RFC 3339 time in UTC with any number of digits after the second. */
export function millisecondsOf(timestamp: string): number {
  return Date.parse(timestamp.length > 24 ? `${timestamp.slice(0, 23)}Z` : timestamp);
}

/** Nanoseconds since 1970 of an RFC 3339 time in UTC. */
export function nanosecondsOf(timestamp: string): bigint {
  const dot = timestamp.indexOf(".");
  const fraction = dot < 0 ? "" : timestamp.slice(dot + 1).replace(/\D.*$/, "");
  const seconds = Math.floor(millisecondsOf(timestamp) / 1000);
  return (
    BigInt(Number.isNaN(seconds) ? 0 : seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9))
  );
}

/** `14:03:12.480`, the time of a row on a page whose records are all of one day. */
export function clockTime(ms: number, zone: Zone): string {
  const { hour, minute, second, millisecond } = partsOf(ms, zone);
  return `${two(hour)}:${two(minute)}:${two(second)}.${three(millisecond)}`;
}

/** `11-21 14:03:12.480`, the time of a row on a page of several days. */
export function dayAndClockTime(ms: number, zone: Zone): string {
  const { month, day } = partsOf(ms, zone);
  return `${two(month + 1)}-${two(day)} ${clockTime(ms, zone)}`;
}

/** `14:03`, for the axis of the histogram. */
export function shortTime(ms: number, zone: Zone): string {
  const { hour, minute } = partsOf(ms, zone);
  return `${two(hour)}:${two(minute)}`;
}

/** `14:03:12`. */
function longTime(ms: number, zone: Zone): string {
  return `${shortTime(ms, zone)}:${two(partsOf(ms, zone).second)}`;
}

/** `21 Nov`. */
export function shortDay(ms: number, zone: Zone): string {
  const { day, month } = partsOf(ms, zone);
  return `${day} ${MONTHS[month]}`;
}

/** `21 Nov 2026, 14:03:12`. */
export function dateAndTime(ms: number, zone: Zone): string {
  return `${shortDay(ms, zone)} ${partsOf(ms, zone).year}, ${longTime(ms, zone)}`;
}

/**
 * Both ends of a range, the second without the day that it shares with the first: `21 Nov 2026, 14:00 – 15:00`. With seconds unless
 * both are full minutes.
 */
export function rangeText(from: number, to: number, zone: Zone): string {
  const isExact = from % 60_000 !== 0 || to % 60_000 !== 0;
  const timeOf = isExact ? longTime : shortTime;
  const day = (ms: number): string => `${shortDay(ms, zone)} ${partsOf(ms, zone).year}`;
  const end = day(from) === day(to) ? "" : `${day(to)}, `;
  return `${day(from)}, ${timeOf(from, zone)} – ${end}${timeOf(to, zone)}`;
}

/** Both ends of a range where there is little room: `14:00 – 15:00`, or with their days. */
export function shortRangeText(from: number, to: number, zone: Zone): string {
  const isSameDay = shortDay(from, zone) === shortDay(to, zone) && to - from < 86_400_000;
  const end = (ms: number) =>
    isSameDay ? shortTime(ms, zone) : `${shortDay(ms, zone)} ${shortTime(ms, zone)}`;
  return `${end(from)} – ${end(to)}`;
}

/** What `<input type="datetime-local" step="1">` holds. */
export function inputTime(ms: number, zone: Zone): string {
  const { year, month, day, hour, minute, second } = partsOf(ms, zone);
  return `${String(year).padStart(4, "0")}-${two(month + 1)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
}

/** The moment that `<input type="datetime-local">` means, or `undefined` while it is incomplete. */
export function timeOfInput(text: string, zone: Zone): number | undefined {
  if (!/^\d{4,6}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text)) return undefined;
  const ms = Date.parse(zone === "utc" ? `${text}Z` : text);
  return Number.isNaN(ms) ? undefined : ms;
}
