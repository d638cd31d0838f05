import { PolylogError } from "../errors.ts";
import { parseInstant } from "../query/index.ts";
import type { Statement } from "./statement.ts";

/** The time that a question is about, in milliseconds since 1970; `to` is exclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const DEFAULT_LENGTH = 15 * 60_000;
/** The last moment that ClickHouse's DateTime can hold, in 2106. */
const LATEST = (2 ** 32 - 1) * 1000;

/**
 * Reads the bounds of a request; without them, the last 15 minutes.
 *
 * @throws {PolylogError} `POLYLOG_E_BAD_REQUEST` for what is no time, or when the end isn't after the start
 */
export function readWindow(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
): Window {
  const end = to === undefined ? now : readInstant(to, "to", now);
  const start = from === undefined ? end - DEFAULT_LENGTH : readInstant(from, "from", now);
  if (start >= end) {
    throw new PolylogError("POLYLOG_E_BAD_REQUEST", "The time range is empty: `from` is not before `to`.", {
      remedy: "Give a `from` that is earlier than `to`.",
    });
  }
  return { from: start, to: end };
}

/** Milliseconds since 1970 of a bound, kept within what the store can hold. */
export function readInstant(text: string, parameter: string, now: number): number {
  const result = parseInstant(text, now);
  if (!result.ok) {
    throw new PolylogError(
      "POLYLOG_E_BAD_REQUEST",
      `\`${parameter}\` can't be read: ${result.error.message}.`,
      {
        remedy:
          "Write RFC 3339 (2026-11-20T14:00:00Z), milliseconds since 1970, or a relative time like now-15m.",
        expected: result.error.expected,
      },
    );
  }
  return Math.min(Math.max(Math.round(result.time), 0), LATEST);
}

/** The bounds as nanoseconds since 1970, for parameters of type Int64. */
function nanosecondBounds({ from, to }: Window): { readonly from: string; readonly to: string } {
  return { from: String(BigInt(from) * 1_000_000n), to: String(BigInt(to) * 1_000_000n) };
}

/** The condition on a row's time. `Timestamp` leads the primary key: only that part of the table is read. */
export function inWindow(window: Window): Statement {
  return {
    sql: "Timestamp >= fromUnixTimestamp64Nano({from:Int64}) AND Timestamp < fromUnixTimestamp64Nano({to:Int64})",
    parameters: nanosecondBounds(window),
  };
}
