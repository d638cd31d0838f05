import { parseDuration } from "../config/units.ts";

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?$/;
const CLOCK = /^(\d\d?):(\d\d)(?::(\d\d))?$/;
const ZONED = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$/i;

/** What {@link parseMoment} understands, for errors and help. */
export const MOMENT_FORMS = ["2026-11-20T14:00:00Z", "2026-11-20 14:00", "14:00", "2h", "yesterday", "now"];

/**
 * A moment as people write it, in milliseconds since 1970, or undefined. Without a zone it is meant where the
 * reader is, or in UTC when they asked for that.
 *
 * @param now milliseconds since 1970
 * @example
 * parseMoment("2h", Date.now(), true); // two hours ago
 */
export function parseMoment(text: string, now: number, isUtc: boolean): number | undefined {
  const word = text.trim();
  const today = new Date(now);
  const midnight = isUtc
    ? (days: number) => Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + days)
    : (days: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate() + days).getTime();
  switch (word.toLowerCase()) {
    case "now":
      return now;
    case "today":
      return midnight(0);
    case "yesterday":
      return midnight(-1);
  }
  const ago = parseDuration(word.replace(/^now-/i, ""));
  if (ago !== undefined) return now - ago;
  if (/^\d{10}(\d{3})?$/.test(word)) return Number(word) * (word.length === 10 ? 1000 : 1);
  if (ZONED.test(word)) return valid(Date.parse(word.replace(" ", "T")));

  const clock = CLOCK.exec(word);
  if (clock) {
    const [hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
    ];
    if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
    const day = isUtc ? today.toISOString().slice(0, 10) : localDay(today);
    return fromParts([...day.split("-").map(Number), hours, minutes, seconds], 0, isUtc);
  }
  const date = DATE.exec(word);
  if (!date) return undefined;
  const milliseconds = Number((date[7] ?? "").padEnd(3, "0").slice(0, 3));
  return fromParts(
    date.slice(1, 7).map((part) => Number(part ?? 0)),
    milliseconds,
    isUtc,
  );
}

function localDay(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].join("-");
}

function fromParts(parts: readonly number[], milliseconds: number, isUtc: boolean): number | undefined {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  const utc = new Date(Date.UTC(year, month - 1, day, hours, minutes, seconds, milliseconds));
  // Date carries the 31st of February over into March; nobody means that.
  const isReal = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day && hours < 24 && minutes < 60;
  if (!isReal) return undefined;
  return isUtc
    ? utc.getTime()
    : valid(new Date(year, month - 1, day, hours, minutes, seconds, milliseconds).getTime());
}

function valid(milliseconds: number): number | undefined {
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
