import { PolylogError } from "../errors.ts";
import type { Zone } from "../query/time/calendar.ts";
import { lengthOf } from "../query/time/length.ts";
import { parseInstant, parseTimeRange } from "../query/time/time.ts";

export interface WindowFlags {
  readonly since?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Bounds of a question in milliseconds since 1970; undefined leaves them to the server. */
export interface Window {
  readonly from?: number;
  readonly to?: number;
  /** For people: `in the last 15m`. */
  readonly words: string;
}

/**
 * The window of time that the flags mean.
 *
 * Throws `POLYLOG_E_CONFIG`, which names the flag.
 */
export function windowOf({ since, from, to }: WindowFlags, now: number, zone: Zone): Window {
  if (since !== undefined && from !== undefined) {
    throw new PolylogError("POLYLOG_E_CONFIG", "--since and --from both say where the search begins.", {
      remedy: "Leave one out.",
    });
  }
  const start = since ?? from;
  const startTime = start === undefined ? undefined : instant(since ? "--since" : "--from", start, now, zone);
  const endTime = to === undefined ? undefined : instant("--to", to, now, zone);
  if (startTime === undefined) {
    // The server, too, takes the 15 minutes before the end.
    return endTime === undefined
      ? { words: "in the last 15 minutes" }
      : { to: endTime, words: `in the 15 minutes before ${to}` };
  }
  if (endTime === undefined) {
    const isLength = start !== undefined && lengthOf(start.trim().toLowerCase()) !== undefined;
    return { from: startTime, words: isLength ? `in the last ${start}` : `since ${start}` };
  }
  const words = `from ${start} to ${to}`;
  // Read together, `14:00` and `15:00` are of one day.
  const range = parseTimeRange(`${start} to ${to}`, now, zone);
  if (range.ok) return { from: range.range.from, to: range.range.to, words };
  if (startTime < endTime) return { from: startTime, to: endTime, words };
  throw new PolylogError("POLYLOG_E_CONFIG", `The search ends before it begins: ${words}.`, {
    remedy: "Exchange the two times.",
  });
}

function instant(flag: string, text: string, now: number, zone: Zone): number {
  const result = parseInstant(text, now, zone);
  if (result.ok) return result.time;
  throw new PolylogError("POLYLOG_E_CONFIG", `${flag} can't be ${JSON.stringify(text)}.`, {
    remedy: `Write a time as one of ${["15m", ...result.error.expected].join(" · ")}.`,
  });
}
