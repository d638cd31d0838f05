import { type Level, toThreshold } from "../../logger/level.ts";

/** Names of winston's own level sets (npm, syslog, cli) that mean no level here by themselves. */
const BY_NAME: Readonly<Record<string, Level>> = {
  emerg: "fatal",
  alert: "fatal",
  notice: "info",
  help: "info",
  data: "info",
  http: "debug",
  verbose: "debug",
  prompt: "debug",
  input: "trace",
  silly: "trace",
};

/** A set of levels of winston; the smaller number is the more severe one. */
export type WinstonLevels = Readonly<Record<string, number>>;

/**
 * The level of a name of winston's. A name that only the application knows means what the next name below it in its
 * set means, or above it when there is none.
 *
 * @example
 * winstonLevel("verbose", undefined); // "debug"
 * winstonLevel("audit", { error: 0, audit: 1, info: 2 }); // "info"
 */
export function winstonLevel(name: string, set: WinstonLevels | undefined): Level {
  const known = knownLevel(name);
  if (known !== undefined) return known;
  const number = set?.[name];
  if (set === undefined || number === undefined) return "info";
  const bySeverity = Object.entries(set).sort(([, a], [, b]) => a - b);
  const below = bySeverity.find(([other, at]) => at >= number && knownLevel(other) !== undefined);
  const near = below ?? bySeverity.findLast(([other]) => knownLevel(other) !== undefined);
  return (near && knownLevel(near[0])) ?? "info";
}

function knownLevel(name: string): Level | undefined {
  if (Object.hasOwn(BY_NAME, name)) return BY_NAME[name];
  const threshold = toThreshold(name);
  return threshold === "off" ? undefined : threshold;
}
