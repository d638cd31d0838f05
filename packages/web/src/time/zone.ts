/** Times are shown in the browser's zone or in UTC, never without saying which. */
export type Zone = "local" | "utc";

/**
 * The zone's short name at a moment: `UTC`, or the offset that held then, because daylight saving changes it.
 *
 * @example
 * zoneName("utc", Date.now()); // "UTC"
 */
export function zoneName(zone: Zone, at: number): string {
  if (zone === "utc") return "UTC";
  const minutes = -new Date(at).getTimezoneOffset();
  if (minutes === 0) return "UTC+0";
  const size = Math.abs(minutes);
  const hours = Math.floor(size / 60);
  const rest = size % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** The browser's zone as people name it, such as `Europe/Berlin`. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "local time";
}
