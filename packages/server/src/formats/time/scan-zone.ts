/** A zone written behind a time. */
export interface ScannedZone {
  /** Milliseconds that the zone is ahead of UTC. */
  readonly offset: number;
  readonly end: number;
}

const HOUR = 3_600_000;

/** Abbreviations that PostgreSQL and others write, where they mean one zone nearly everywhere. */
const ABBREVIATIONS: ReadonlyMap<string, number> = new Map([
  ["UTC", 0],
  ["GMT", 0],
  ["UCT", 0],
  ["WET", 0],
  ["WEST", 1],
  ["BST", 1],
  ["CET", 1],
  ["CEST", 2],
  ["EET", 2],
  ["EEST", 3],
  ["MSK", 3],
  ["JST", 9],
  ["AEST", 10],
  ["AEDT", 11],
  ["EST", -5],
  ["EDT", -4],
  ["CST", -6],
  ["CDT", -5],
  ["MST", -7],
  ["MDT", -6],
  ["PST", -8],
  ["PDT", -7],
]);

/**
 * The zone at `start`, or one blank behind it: `Z`, `+02:00`, `+0200`, `+02`, `UTC`, `CET`.
 * Behind a blank an offset needs its minutes, since `10:41:07 -12` is not one.
 */
export function scanZone(text: string, start: number): ScannedZone | undefined {
  const blank = text.charCodeAt(start) === 32;
  const at = blank ? start + 1 : start;
  const first = text.charCodeAt(at);
  if (first === 43 || first === 45) return scanOffset(text, at, first === 45 ? -1 : 1, blank);
  if ((first === 90 || first === 122) && !isWordCharacter(text.charCodeAt(at + 1))) {
    return { offset: 0, end: at + 1 };
  }
  if (first < 65 || first > 90) return undefined;
  let end = at;
  while (end - at < 5 && text.charCodeAt(end) >= 65 && text.charCodeAt(end) <= 90) end++;
  if (isWordCharacter(text.charCodeAt(end))) return undefined;
  const hours = ABBREVIATIONS.get(text.slice(at, end));
  return hours === undefined ? undefined : { offset: hours * HOUR, end };
}

function scanOffset(text: string, at: number, sign: number, blank: boolean): ScannedZone | undefined {
  const hours = digits(text, at + 1);
  if (hours < 0 || hours > 18) return undefined;
  const colon = text.charCodeAt(at + 3) === 58 ? 1 : 0;
  const minutes = digits(text, at + 3 + colon);
  if (minutes >= 0 && minutes < 60) {
    const end = at + 5 + colon;
    if (isWordCharacter(text.charCodeAt(end))) return undefined;
    return { offset: sign * (hours * HOUR + minutes * 60_000), end };
  }
  if (blank || colon === 1 || isWordCharacter(text.charCodeAt(at + 3))) return undefined;
  return { offset: sign * hours * HOUR, end: at + 3 };
}

function digits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function isWordCharacter(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
}
