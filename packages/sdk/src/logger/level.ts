/** A severity that a record can have, the least severe first. */
export const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Level = (typeof LEVELS)[number];

/** What a logger lets through: records of this level and above; nothing when `off`. */
export type Threshold = Level | "off";

/** No record at all. */
export const LOG_LEVEL_OFF = -1;
/** Errors, fatal ones among them. */
export const LOG_LEVEL_ERROR = 0;
export const LOG_LEVEL_WARN = 1;
export const LOG_LEVEL_INFO = 2;
export const LOG_LEVEL_DEBUG = 3;
export const LOG_LEVEL_TRACE = 4;

/** One of the `LOG_LEVEL_` constants. */
export type LogLevel = -1 | 0 | 1 | 2 | 3 | 4;

const BY_CONSTANT: Readonly<Record<LogLevel, Threshold>> = {
  [LOG_LEVEL_OFF]: "off",
  [LOG_LEVEL_ERROR]: "error",
  [LOG_LEVEL_WARN]: "warn",
  [LOG_LEVEL_INFO]: "info",
  [LOG_LEVEL_DEBUG]: "debug",
  [LOG_LEVEL_TRACE]: "trace",
};

/** Names that people write for a level, in lower case. */
const BY_NAME: ReadonlyMap<string, Threshold> = new Map<string, Threshold>([
  ...LEVELS.map((level): [string, Threshold] => [level, level]),
  ["warning", "warn"],
  ["err", "error"],
  ["critical", "fatal"],
  ["crit", "fatal"],
  ["off", "off"],
  ["none", "off"],
  ["silent", "off"],
]);

/** Position of a threshold among the levels: 0 for `trace`, 5 for `fatal`, 6 for `off`. */
export function rankOf(threshold: Threshold): number {
  return threshold === "off" ? LEVELS.length : LEVELS.indexOf(threshold);
}

/**
 * The threshold that a name or a `LOG_LEVEL_` constant means; `undefined` when it means none.
 *
 * @example
 * toThreshold("Warning"); // "warn"
 * toThreshold(LOG_LEVEL_DEBUG); // "debug"
 */
export function toThreshold(value: string | number): Threshold | undefined {
  if (typeof value === "number") return BY_CONSTANT[value as LogLevel];
  return BY_NAME.get(value.trim().toLowerCase());
}

/** The `LOG_LEVEL_` constant of a threshold. `fatal` has none of its own and counts as `error`. */
export function toLogLevel(threshold: Threshold): LogLevel {
  return threshold === "off"
    ? LOG_LEVEL_OFF
    : (Math.max(0, LEVELS.length - 2 - rankOf(threshold)) as LogLevel);
}
