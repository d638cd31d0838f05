import { PolylogError } from "../../errors.ts";

/** Tells what UTC time a wall clock showed. Times are milliseconds since 1970. */
export interface TimeZone {
  readonly name: string;
  /** @param wall what `Date.UTC` makes of the clock's face */
  toUtc(wall: number): number;
}

export const UTC: TimeZone = { name: "UTC", toUtc: (wall) => wall };

/**
 * A zone by its name: `local` (the machine's), `UTC`, an offset such as `+02:00`, or an IANA name.
 *
 * @throws PolylogError `POLYLOG_E_CONFIG` when there is no such zone
 * @example
 * timeZone("Europe/Berlin").toUtc(Date.UTC(2026, 6, 1, 12)); // 10 o'clock UTC
 */
export function timeZone(name: string): TimeZone {
  if (name === "UTC" || name === "Z" || name === "GMT") return UTC;
  const fixed = /^([+-])(\d\d):?(\d\d)$/.exec(name);
  if (fixed) {
    const offset = (Number(fixed[2]) * 60 + Number(fixed[3])) * (fixed[1] === "-" ? -60_000 : 60_000);
    return { name, toUtc: (wall) => wall - offset };
  }
  try {
    return namedZone(name === "local" ? Intl.DateTimeFormat().resolvedOptions().timeZone : name);
  } catch (cause) {
    throw new PolylogError("POLYLOG_E_CONFIG", `There is no time zone "${name.slice(0, 64)}".`, {
      cause,
      remedy: "Give an IANA name such as Europe/Berlin, an offset such as +02:00, UTC or local.",
    });
  }
}

/** No zone has ever changed its offset anywhere but at a quarter of an hour. */
const BLOCK = 15 * 60_000;
const CACHED_BLOCKS = 4096;

function namedZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  if (name === "UTC" || name === "Etc/UTC") return UTC;

  const offsetAt = (utc: number): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utc)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utc / 1000) * 1000;
  };
  // Asking Intl costs about 5 µs, and the lines of a file share their quarter of an hour.
  const offsets = new Map<number, number>();
  return {
    name,
    toUtc(wall) {
      const block = Math.floor(wall / BLOCK);
      let offset = offsets.get(block);
      if (offset === undefined) {
        const start = block * BLOCK;
        // The offset at the guess is right except within hours of a change; the second look settles it.
        offset = offsetAt(start - offsetAt(start));
        if (offsets.size >= CACHED_BLOCKS) offsets.clear();
        offsets.set(block, offset);
      }
      return wall - offset;
    },
  };
}
