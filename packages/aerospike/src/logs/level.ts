import { LEVELS, type LogLevel, type Polylog, toLogLevel } from "polylog";

/** The loggers' common parent. */
export const ROOT = "aerospike";

/**
 * The level to set in the client, which has only one for all its files: the lowest that one of their loggers lets through. Its numbers are
 * Polylog's `LOG_LEVEL_` constants.
 */
export function neededLevel(polylog: Polylog): LogLevel {
  const names = polylog.describe().loggers.map(({ name }) => name);
  const ours = [ROOT, ...names.filter((name) => name.startsWith(`${ROOT}.`))];
  return toLogLevel(LEVELS.find((level) => ours.some((name) => polylog.isEnabled(name, level))) ?? "off");
}
