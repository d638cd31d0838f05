/** Whose clock times without an offset are of: the machine's, or UTC. */
export type Zone = "local" | "utc";

/** A time on a clock and a calendar; months count from 1. */
export interface CalendarTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const MIDNIGHT = { hour: 0, minute: 0, second: 0, millisecond: 0 } as const;

/** Milliseconds since 1970 of a time on the calendar; days beyond the month's end go on into the next. */
export function timeOf(calendar: CalendarTime, zone: Zone): number {
  const { year, month, day, hour, minute, second, millisecond } = calendar;
  return zone === "utc"
    ? Date.UTC(year, month - 1, day, hour, minute, second, millisecond)
    : new Date(year, month - 1, day, hour, minute, second, millisecond).getTime();
}

/** Midnight of the day that a moment lies in, as a time on the calendar. */
export function dayOf(time: number, zone: Zone): CalendarTime {
  const date = new Date(time);
  return zone === "utc"
    ? { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), ...MIDNIGHT }
    : { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate(), ...MIDNIGHT };
}

/** Whether there is such a day and such a time of day: not 30 February, not 25:00. */
export function isReal({ year, month, day, hour, minute, second }: CalendarTime): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return (
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  );
}

/** Midnight of the Monday of the week that a day lies in. */
export function mondayOf(day: CalendarTime): CalendarTime {
  const weekday = new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay();
  return { ...day, day: day.day - ((weekday + 6) % 7) };
}
