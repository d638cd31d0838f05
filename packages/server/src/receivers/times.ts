import { epochTime } from "../formats/time/epoch.ts";
import { scanTime } from "../formats/time/scan.ts";
import { UTC } from "../formats/time/zone.ts";

/** Times here are whole: none leaves its year or day out. */
const CLOCK = { zone: UTC, reference: 0 };
/** Characters of the longest text that is looked at. */
const MAX_LENGTH = 64;

/**
 * Nanoseconds since 1970 of a time as JSON has it: a number of seconds to nanoseconds, its text, or ISO 8601, in UTC
 * where it names no zone. `undefined` when it is none.
 *
 * @example
 * timeOf("2026-11-21T10:41:07.123Z"); // 1795257667123000000n
 * timeOf(1795257667.123);             // 1795257667123000000n
 */
export function timeOf(value: unknown): bigint | undefined {
  if (typeof value === "number") return epochTime(value);
  if (typeof value !== "string" || value.length > MAX_LENGTH) return undefined;
  const text = value.trim();
  const epoch = epochTime(text);
  if (epoch !== undefined) return epoch;
  const scanned = scanTime(text, 0, CLOCK);
  return scanned?.end === text.length ? scanned.nanoseconds : undefined;
}
