import { parseDuration } from "../config/units.ts";
import { PolylogError } from "../errors.ts";
import { MOMENT_FORMS, parseMoment } from "./moment.ts";

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

/** What a question covers that says nothing about time, here and on the server. */
const DEFAULT_SPAN = 15 * 60_000;

/**
 * The window of time that the flags mean.
 *
 * Throws `POLYLOG_E_CONFIG`, which names the flag.
 */
export function windowOf(flags: WindowFlags, now: number, isUtc: boolean): Window {
  if (flags.since !== undefined) {
    if (flags.from !== undefined) {
      throw new PolylogError("POLYLOG_E_CONFIG", "--since and --from both say where the search begins.", {
        remedy: "Leave one out.",
      });
    }
    const span = parseDuration(flags.since.replace(/^now-/, ""));
    const from = span === undefined ? moment("--since", flags.since, now, isUtc) : now - span;
    const words = span === undefined ? `since ${flags.since}` : `in the last ${flags.since}`;
    return flags.to === undefined
      ? { from, words }
      : ordered({
          from,
          to: moment("--to", flags.to, now, isUtc),
          words: `since ${flags.since} until ${flags.to}`,
        });
  }
  const to = flags.to === undefined ? undefined : moment("--to", flags.to, now, isUtc);
  const from = flags.from === undefined ? undefined : moment("--from", flags.from, now, isUtc);
  if (to === undefined) {
    return from === undefined ? { words: "in the last 15 minutes" } : { from, words: `since ${flags.from}` };
  }
  if (from === undefined)
    return { from: to - DEFAULT_SPAN, to, words: `in the 15 minutes before ${flags.to}` };
  return ordered({ from, to, words: `from ${flags.from} to ${flags.to}` });
}

function ordered(window: { from: number; to: number; words: string }): Window {
  if (window.from < window.to) return window;
  throw new PolylogError("POLYLOG_E_CONFIG", `The search ends before it begins: ${window.words}.`, {
    remedy: "Exchange the two times.",
  });
}

function moment(flag: string, text: string, now: number, isUtc: boolean): number {
  const milliseconds = parseMoment(text, now, isUtc);
  if (milliseconds !== undefined) return milliseconds;
  throw new PolylogError("POLYLOG_E_CONFIG", `${flag} can't be ${JSON.stringify(text)}.`, {
    remedy: `Write a time as one of ${MOMENT_FORMS.join(" · ")}.`,
  });
}
