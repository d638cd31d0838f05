import { LEVELS, severityOfSyslog, severityOfWord } from "../record/severity.ts";
import type { Draft } from "./format.ts";

/** The canonical word for a severity number. Source: OpenTelemetry log data model, "Displaying Severity". */
function severityName(severityNumber: number): string {
  return LEVELS[(severityNumber - 1) >> 2]?.toUpperCase() ?? "";
}

/** Takes a level word over; false when it is none. */
export function setSeverityWord(draft: Draft, word: string): boolean {
  const number = severityOfWord(word);
  if (number === 0) return false;
  draft.severityNumber = number;
  draft.severityText = word;
  return true;
}

export function setSeverity(draft: Draft, severityNumber: number): void {
  draft.severityNumber = severityNumber;
  draft.severityText = severityName(severityNumber);
}

/**
 * The severity of a numeric `level`, 0 when it means none. Syslog counts 0 to 7 (GELF too), pino and bunyan
 * 10 to 60, Monolog 100 to 600.
 */
export function severityOfNumber(level: number): number {
  if (!Number.isInteger(level) || level < 0) return 0;
  if (level <= 7) return severityOfSyslog(level);
  if (level >= 10 && level < 70) {
    const step = Math.floor(level / 10) - 1;
    // A level between two (pino's customLevels) keeps its place between them.
    return step * 4 + 1 + Math.min(3, Math.floor((level % 10) / 3));
  }
  if (level >= 100 && level <= 600) return MONOLOG.get(level) ?? 0;
  return 0;
}

/** The severity of Python's `levelno`. Source: Python's `logging`, "Logging Levels". */
export function severityOfPython(level: number): number {
  if (!Number.isInteger(level) || level < 1 || level > 60) return 0;
  if (level < 10) return 1;
  return level < 20 ? 5 : level < 30 ? 9 : level < 40 ? 13 : level < 50 ? 17 : 21;
}

const MONOLOG: ReadonlyMap<number, number> = new Map([
  [100, 5],
  [200, 9],
  [250, 10],
  [300, 13],
  [400, 17],
  [500, 21],
  [550, 22],
  [600, 24],
]);
