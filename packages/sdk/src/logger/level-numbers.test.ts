import { describe, expect, test } from "vitest";
import { LEVELS, type Level } from "./level.ts";
import { type LevelScale, levelFromNumber, levelToNumber } from "./level-numbers.ts";

const SCALES = ["python", "syslog", "pino", "winston", "opentelemetry"] as const satisfies LevelScale[];

describe("a number of another scale is read as a level", () => {
  test.each<[LevelScale, number, Level]>([
    ["python", 50, "fatal"],
    ["python", 40, "error"],
    ["python", 30, "warn"],
    ["python", 20, "info"],
    ["python", 10, "debug"],
    ["python", 5, "trace"],
    ["python", 25, "info"],
    ["python", 9, "trace"],
    ["python", 0, "trace"],
    ["python", 1000, "fatal"],
    ["syslog", 0, "fatal"],
    ["syslog", 1, "fatal"],
    ["syslog", 2, "fatal"],
    ["syslog", 3, "error"],
    ["syslog", 4, "warn"],
    ["syslog", 5, "info"],
    ["syslog", 6, "info"],
    ["syslog", 7, "debug"],
    ["syslog", 8, "debug"],
    ["pino", 10, "trace"],
    ["pino", 20, "debug"],
    ["pino", 30, "info"],
    ["pino", 35, "info"],
    ["pino", 40, "warn"],
    ["pino", 50, "error"],
    ["pino", 60, "fatal"],
    ["pino", -1, "trace"],
    ["winston", 0, "error"],
    ["winston", 1, "warn"],
    ["winston", 2, "info"],
    ["winston", 3, "debug"],
    ["winston", 4, "debug"],
    ["winston", 5, "debug"],
    ["winston", 6, "trace"],
    ["winston", 7, "trace"],
    ["opentelemetry", 1, "trace"],
    ["opentelemetry", 4, "trace"],
    ["opentelemetry", 5, "debug"],
    ["opentelemetry", 8, "debug"],
    ["opentelemetry", 9, "info"],
    ["opentelemetry", 12, "info"],
    ["opentelemetry", 13, "warn"],
    ["opentelemetry", 16, "warn"],
    ["opentelemetry", 17, "error"],
    ["opentelemetry", 20, "error"],
    ["opentelemetry", 21, "fatal"],
    ["opentelemetry", 24, "fatal"],
  ])("%s %d is %s", (scale, number, level) => {
    expect(levelFromNumber(scale, number)).toBe(level);
  });

  test.each(SCALES)("%s reads infinities as the ends and no number as info", (scale) => {
    const ends = [levelFromNumber(scale, -Infinity), levelFromNumber(scale, Infinity)];
    const severe = ends.map((level) => LEVELS.indexOf(level));
    expect(Math.min(...severe)).toBeLessThanOrEqual(LEVELS.indexOf("debug"));
    expect(Math.max(...severe)).toBeGreaterThanOrEqual(LEVELS.indexOf("error"));
    expect(levelFromNumber(scale, Number.NaN)).toBe("info");
  });
});

describe("a level has a number on every scale", () => {
  test.each<[LevelScale, readonly number[]]>([
    ["python", [5, 10, 20, 30, 40, 50]],
    ["syslog", [7, 7, 6, 4, 3, 2]],
    ["pino", [10, 20, 30, 40, 50, 60]],
    ["winston", [6, 5, 2, 1, 0, 0]],
    ["opentelemetry", [1, 5, 9, 13, 17, 21]],
  ])("%s: %j from trace to fatal", (scale, numbers) => {
    expect(LEVELS.map((level) => levelToNumber(scale, level))).toEqual(numbers);
  });

  test.each(SCALES)("%s gives back each level that it has a number for", (scale) => {
    for (const level of LEVELS) {
      const back = levelFromNumber(scale, levelToNumber(scale, level));
      expect(levelToNumber(scale, back)).toBe(levelToNumber(scale, level));
    }
  });
});
