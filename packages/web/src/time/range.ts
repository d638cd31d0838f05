import { parseTimeRange } from "@polylog/server/query";
import { rangeText } from "./format.ts";
import type { Zone } from "./zone.ts";

/**
 * The time that a search is about, in the API's own words and as the address bar carries it: `from` and `to` are
 * RFC 3339, milliseconds since 1970, or relative like `now-15m`. Without `to` it ends now. A `from` alone may also
 * be a text that moves with the calendar, such as `today`.
 */
export interface TimeRange {
  readonly from: string;
  readonly to: string | undefined;
}

export const DEFAULT_RANGE: TimeRange = { from: "now-15m", to: undefined };

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof UNIT_MS;

const UNIT_WORDS: Readonly<Record<Unit, string>> = {
  s: "second",
  m: "minute",
  h: "hour",
  d: "day",
  w: "week",
};

/** The ranges offered by name. */
export const PRESETS = ["5m", "15m", "1h", "4h", "12h", "1d", "2d", "7d", "30d"] as const;

export function lastRange(length: string): TimeRange {
  return { from: `now-${length}`, to: undefined };
}

function relative(text: string): { count: number; unit: Unit } | undefined {
  const match = /^now-(\d{1,6})([smhdw])$/.exec(text);
  return match ? { count: Number(match[1]), unit: match[2] as Unit } : undefined;
}

/** Milliseconds since 1970 of one end of a range, or `undefined` when the text is no time. */
function momentOf(text: string, now: number): number | undefined {
  if (text === "now") return now;
  const ago = relative(text);
  if (ago) return now - ago.count * UNIT_MS[ago.unit];
  const ms = /^-?\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The range's bounds in milliseconds since 1970. What cannot be read counts as the last 15 minutes. */
export function resolveRange(
  range: TimeRange,
  now: number,
  zone: Zone = "local",
): { from: number; to: number } {
  if (range.to === undefined && momentOf(range.from, now) === undefined) {
    const typed = parseTimeRange(range.from, now, zone);
    if (typed.ok) return { from: typed.range.from, to: typed.range.to };
  }
  const to = range.to === undefined ? now : (momentOf(range.to, now) ?? now);
  const from = momentOf(range.from, now) ?? to - 15 * UNIT_MS.m;
  return from < to ? { from, to } : { from: to - 15 * UNIT_MS.m, to };
}

export function absoluteRange(from: number, to: number): TimeRange {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/**
 * The range that somebody typed, such as `2h`, `yesterday` or `2026-11-20 14:00 to 15:00`; the error says what was
 * expected.
 */
export function typedRange(
  text: string,
  now: number,
  zone: Zone,
): { readonly ok: true; readonly range: TimeRange } | { readonly ok: false; readonly message: string } {
  const typed = parseTimeRange(text, now, zone);
  if (!typed.ok) return { ok: false, message: typed.error.message };
  const { relative: moving, from, to } = typed.range;
  if (moving === null) return { ok: true, range: absoluteRange(from, to) };
  return {
    ok: true,
    range: /^\d{1,6}[smhdw]$/.test(moving) ? lastRange(moving) : { from: moving, to: undefined },
  };
}

/** Whether the range ends now, and so moves on. */
export function isMoving(range: TimeRange): boolean {
  return range.to === undefined || range.to === "now";
}

/**
 * `Last 15 minutes` for a range that moves, its bounds for one that does not.
 *
 * @param boundsText how bounds are written
 */
export function rangeLabel(range: TimeRange, zone: Zone, now: number, boundsText = rangeText): string {
  const ago = isMoving(range) ? relative(range.from) : undefined;
  if (ago)
    return `Last ${ago.count === 1 ? "" : `${ago.count} `}${UNIT_WORDS[ago.unit]}${ago.count === 1 ? "" : "s"}`;
  if (range.to === undefined && momentOf(range.from, now) === undefined) {
    return `${range.from.charAt(0).toUpperCase()}${range.from.slice(1)}`;
  }
  const { from, to } = resolveRange(range, now, zone);
  return boundsText(from, to, zone);
}

/** The longest range that the pages ask for by themselves when a search is widened. */
const WIDEST_MS = 3650 * UNIT_MS.d;

/** A range three times as wide around the same middle, ending no later than now. */
export function widerRange(range: TimeRange, now: number): TimeRange {
  const { from, to } = resolveRange(range, now);
  const width = Math.min((to - from) * 3, WIDEST_MS);
  const end = Math.min(now, Math.round((from + to) / 2 + width / 2));
  return absoluteRange(end - width, end);
}
