import type { TimeZone } from "./zone.ts";

/** What a text leaves out of its times, and where to find it. */
export interface Clock {
  /** For times that name no zone. */
  readonly zone: TimeZone;
  /**
   * For times that name no year or no day: about when the newest line was written (the file's modification
   * time, or now), milliseconds since 1970. The answer is the latest such time that is not after it.
   */
  readonly reference: number;
}

/** Clocks differ and files are copied: so far after the reference is still not last year's. */
const SLACK = 36 * 3600_000;

/** The year of a day that was written without one, in wall time. Source: RFC 3164, section 4.1.2, omits it. */
export function resolveYear(clock: Clock, month: number, day: number): number {
  const year = new Date(clock.reference).getUTCFullYear();
  return Date.UTC(year, month - 1, day) > clock.reference + SLACK ? year - 1 : year;
}

/** Midnight (wall time) of the day that a bare time of day belongs to. */
export function resolveDay(clock: Clock, timeOfDay: number): number {
  const shift = clock.reference - clock.zone.toUtc(clock.reference);
  const wall = clock.reference + shift;
  const midnight = Math.floor(wall / 86_400_000) * 86_400_000;
  return midnight + timeOfDay > wall + 3600_000 ? midnight - 86_400_000 : midnight;
}
