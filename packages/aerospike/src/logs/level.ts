import { LEVELS, type LogLevel, type Threshold, toLogLevel, toThreshold } from "polylog";

/** The loggers' common parent. */
export const ROOT = "aerospike";

/**
 * The level to set in the client, which has only one for all its files: the lowest that one of their loggers lets through. Its numbers are
 * Polylog's `LOG_LEVEL_` constants.
 *
 * @param filter directives for all names: `info,aerospike=warn,aerospike.as_cluster=debug`
 */
export function neededLevel(filter: string): LogLevel {
  let inherited: Threshold = "off";
  let own: Threshold | undefined;
  const below: Threshold[] = [];
  for (const directive of filter.split(",")) {
    const [, name = "", text = ""] = /^(?:([^=[\]]*)=)?(\w+)$/.exec(directive.trim()) ?? [];
    const level = toThreshold(text);
    if (level === undefined) continue;
    if (name === "") inherited = level;
    else if (name === ROOT) own = level;
    else if (name.startsWith(`${ROOT}.`)) below.push(level);
  }
  const wanted = [own ?? inherited, ...below];
  return toLogLevel(LEVELS.find((level) => wanted.includes(level)) ?? "off");
}
