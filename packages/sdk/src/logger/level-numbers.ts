import { LEVELS, type Level } from "./level.ts";

/** Who counts: Python's logging, syslog (RFC 5424), pino and bunyan, winston's npm levels, OpenTelemetry. */
export type LevelScale = "python" | "syslog" | "pino" | "winston" | "opentelemetry";

/** The number of each level, the least severe first; `undefined` where a scale has none for it. */
type Numbers = readonly (number | undefined)[];

const SCALES: Readonly<Record<LevelScale, Numbers>> = {
  //       trace, debug, info, warn, error, fatal
  python: [5, 10, 20, 30, 40, 50],
  syslog: [undefined, 7, 6, 4, 3, 2],
  pino: [10, 20, 30, 40, 50, 60],
  winston: [6, 5, 2, 1, 0, undefined],
  opentelemetry: [1, 5, 9, 13, 17, 21],
};

/** Scales on which the smaller number is the more severe one. */
const DESCENDING: ReadonlySet<LevelScale> = new Set(["syslog", "winston"]);

/**
 * The level that a number of another scale means. A number between two levels means the one below it, a number below all
 * means the lowest there is, and what isn't a number means `info`.
 *
 * @example
 * levelFromNumber("python", 25); // "info"
 * levelFromNumber("syslog", 0); // "fatal": emergency
 * levelFromNumber("opentelemetry", 24); // "fatal": FATAL4
 */
export function levelFromNumber(scale: LevelScale, number: number): Level {
  if (Number.isNaN(number)) return "info";
  const sign = DESCENDING.has(scale) ? -1 : 1;
  const numbers = SCALES[scale];
  let lowest: Level = "fatal";
  for (let rank = LEVELS.length - 1; rank >= 0; rank--) {
    const own = numbers[rank];
    if (own === undefined) continue;
    lowest = LEVELS[rank]!;
    if (sign * own <= sign * number) return lowest;
  }
  return lowest;
}

/**
 * The number that another scale has for a level. Where it has none of its own, the nearest: syslog knows no `trace`
 * and takes it for debug, winston no `fatal` and takes it for error.
 *
 * @example
 * levelToNumber("syslog", "warn"); // 4
 * levelToNumber("python", "fatal"); // 50
 */
export function levelToNumber(scale: LevelScale, level: Level): number {
  const numbers = SCALES[scale];
  const rank = LEVELS.indexOf(level);
  return (numbers[rank] ?? numbers[rank + 1] ?? numbers[rank - 1])!;
}
