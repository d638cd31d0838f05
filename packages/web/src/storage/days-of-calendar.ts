import type { StorageResponse } from "@polylog/server/contract";

const DAY_MS = 86_400_000;
/** As many columns as are still told apart. */
const MOST = 90;

/** Each of the last days up to today, also those of which nothing is there, oldest first. */
export function daysOfCalendar(
  days: StorageResponse["days"],
  now: number,
): readonly { readonly day: string; readonly bytes: number }[] {
  const today = Math.floor(now / DAY_MS);
  const bytesOf = new Map(days.map(({ day, logs, spans }) => [day, logs.bytes + spans.bytes]));
  const recent = days.flatMap(({ day }) => {
    const ago = today - Date.parse(day) / DAY_MS;
    return ago >= 0 && ago < MOST ? [ago] : [];
  });
  if (recent.length === 0) return [];
  return Array.from({ length: Math.max(...recent) + 1 }, (_, i) => {
    const day = new Date((today - Math.max(...recent) + i) * DAY_MS).toISOString().slice(0, 10);
    return { day, bytes: bytesOf.get(day) ?? 0 };
  });
}
