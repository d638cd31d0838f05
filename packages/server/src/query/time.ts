/** Whose clock the times without an offset are of. */
export type Zone = "local" | "utc";

/** Why a time can't be read. */
export interface TimeError {
  readonly message: string;
  readonly expected: readonly string[];
}

/** Milliseconds since 1970; `to` is exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
  /** The range's text when it moves with the clock (`15m`, `today`), to be read again later; else `null`. */
  readonly relative: string | null;
}

export type TimeRangeResult =
  | { readonly ok: true; readonly range: TimeRange }
  | { readonly ok: false; readonly error: TimeError };
export type InstantResult =
  | { readonly ok: true; readonly time: number }
  | { readonly ok: false; readonly error: TimeError };

/** First version. */
export function parseInstant(text: string, now: number, _zone: Zone = "utc"): InstantResult {
  const relative = /^now(?:-(\d+)([smhdw]))?$/.exec(text.trim());
  if (relative !== null) {
    const [, amount = "0", unit = "s"] = relative;
    return { ok: true, time: now - Number(amount) * (UNIT[unit] ?? 0) };
  }
  if (/^\d+$/.test(text)) return { ok: true, time: Number(text) };
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return { ok: true, time };
  return { ok: false, error: { message: `\`${text}\` is not a time`, expected: ["now-15m"] } };
}

const UNIT: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3, w: 604_800e3 };

/** First version. */
export function parseTimeRange(text: string, now: number, _zone: Zone = "local"): TimeRangeResult {
  const relative = /^(\d+)([smhdw])$/.exec(text.trim());
  if (relative === null)
    return { ok: false, error: { message: `\`${text}\` is not a time range`, expected: ["15m"] } };
  const [, amount, unit = "s"] = relative;
  return {
    ok: true,
    range: { from: now - Number(amount) * (UNIT[unit] ?? 0), to: now, relative: text.trim() },
  };
}
