const UNITS: readonly { readonly short: string; readonly ms: number; readonly names: RegExp }[] = [
  { short: "w", ms: 604_800_000, names: /^(?:w|weeks?)$/ },
  { short: "d", ms: 86_400_000, names: /^(?:d|days?)$/ },
  { short: "h", ms: 3_600_000, names: /^(?:h|hrs?|hours?)$/ },
  { short: "m", ms: 60_000, names: /^(?:m|mins?|minutes?)$/ },
  { short: "s", ms: 1000, names: /^(?:s|secs?|seconds?)$/ },
  { short: "ms", ms: 1, names: /^(?:ms|millis|milliseconds?)$/ },
];

const WHOLE = /^(?:\d{1,9}(?:\.\d{1,3})? ?[a-z]{1,12} ?){1,6}$/;
const PART = /(\d{1,9}(?:\.\d{1,3})?) ?([a-z]{1,12})/g;

/**
 * Milliseconds of a length of time in lower case, `15m`, `1h30m`, `2 hours`; `undefined` when it is none.
 *
 * @example
 * lengthOf("1h30m"); // 5400000
 */
export function lengthOf(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, name] of text.matchAll(PART)) {
    const unit = UNITS.find(({ names }) => names.test(name as string));
    if (unit === undefined) return undefined;
    sum += Number(amount) * unit.ms;
  }
  return sum;
}

/** A length of time as it is written shortest: `90m` for an hour and a half, `15m`, `2d`. */
export function shortLength(milliseconds: number): string {
  const unit = UNITS.find(({ ms }) => milliseconds % ms === 0);
  return unit === undefined ? `${milliseconds}ms` : `${milliseconds / unit.ms}${unit.short}`;
}
