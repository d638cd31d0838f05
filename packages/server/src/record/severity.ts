/**
 * Severity: OpenTelemetry's numbers 1 to 24 in six levels.
 *
 * Source: OpenTelemetry log data model, "Field: SeverityNumber".
 */
export const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Level = (typeof LEVELS)[number];

/** The lowest severity number of each level. */
export const LEVEL_NUMBER = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  error: 17,
  fatal: 21,
} as const satisfies Record<Level, number>;

/** The level of a severity number, or `unset` outside 1 to 24. */
export function levelOfSeverity(severityNumber: number): Level | "unset" {
  if (severityNumber < 1 || severityNumber > 24) return "unset";
  return LEVELS[(severityNumber - 1) >> 2] ?? "unset";
}

/** Words that programs use for a level, in lower case, to OpenTelemetry's number. */
const WORDS: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  trace: 1,
  verbose: 1,
  finest: 1,
  silly: 1,
  t: 1,
  finer: 3,
  debug: 5,
  dbg: 5,
  fine: 5,
  d: 5,
  debug1: 5,
  config: 7,
  info: 9,
  information: 9,
  informational: 9,
  inf: 9,
  i: 9,
  http: 9,
  log: 9,
  success: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  wrn: 13,
  w: 13,
  error: 17,
  err: 17,
  e: 17,
  severe: 17,
  critical: 21,
  crit: 21,
  alert: 21,
  emerg: 21,
  emergency: 21,
  panic: 21,
  dpanic: 21,
  fatal: 21,
  ftl: 21,
  f: 21,
  c: 21,
}) as Record<string, number>;

/**
 * The severity number of a level word in any case; 0 when the word names no level.
 *
 * @example
 * severityOfWord("WARNING"); // 13
 */
export function severityOfWord(word: string): number {
  return word.length > 16 ? 0 : (WORDS[word.toLowerCase()] ?? 0);
}

/** Severity numbers of the syslog severities 0 (emergency) to 7 (debug). Source: RFC 5424, section 6.2.1. */
const SYSLOG = [24, 22, 21, 17, 13, 10, 9, 5] as const;

/** The severity number of a syslog severity, 0 when out of range. */
export function severityOfSyslog(severity: number): number {
  return SYSLOG[severity] ?? 0;
}
