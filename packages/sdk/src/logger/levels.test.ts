import { describe, expect, it } from "vitest";
import {
  LEVELS,
  LOG_LEVEL_DEBUG,
  LOG_LEVEL_ERROR,
  LOG_LEVEL_OFF,
  LOG_LEVEL_TRACE,
  toLogLevel,
  toThreshold,
} from "./level.ts";
import { type LevelSetting, levelFinder } from "./levels.ts";
import { governs, segmentsOf } from "./name.ts";

const root = (level: LevelSetting["level"], origin: LevelSetting["origin"]): LevelSetting => ({
  target: "",
  level,
  origin,
});
const at = (target: string, level: LevelSetting["level"], origin: LevelSetting["origin"]): LevelSetting => ({
  target,
  level,
  origin,
});

describe("names", () => {
  it.each([
    ["aerospike_core::cluster", ["aerospike_core", "cluster"]],
    ["myapp.billing", ["myapp", "billing"]],
    ["a::b.c", ["a", "b", "c"]],
    ["root", []],
    ["", []],
    ["..a::", ["a"]],
  ])("%j has the segments %j", (name, expected) => expect(segmentsOf(name)).toEqual(expected));

  it.each([
    ["", "anything", true],
    ["foo", "foo", true],
    ["foo", "foo.bar", true],
    ["foo", "foobar", false],
    ["foo.bar", "foo", false],
  ])("%j governs %j: %j", (target, name, expected) => expect(governs(target, name)).toBe(expected));
});

describe("the level of a logger", () => {
  it.each<[string, LevelSetting[], string]>([
    ["a", [root("info", "default"), root("warn", "environment")], "warn"],
    ["a", [root("warn", "environment"), root("debug", "code")], "debug"],
    ["a", [root("debug", "code"), root("warn", "environment")], "debug"],
    ["a.b", [root("debug", "code"), at("a", "error", "filter")], "error"],
    ["a.b.c", [at("a", "error", "code"), at("a.b", "trace", "filter")], "trace"],
    ["ab", [root("info", "default"), at("a", "trace", "filter")], "info"],
    ["a", [root("info", "code"), root("trace", "file")], "trace"],
    ["a", [root("info", "code"), root("debug", "signal")], "debug"],
    ["a", [root("trace", "code"), root("debug", "signal")], "trace"],
    ["a", [root("off", "code"), root("debug", "signal")], "off"],
    ["a", [at("a", "warn", "code"), at("a", "error", "code")], "error"],
  ])("%s, of %j, is %s", (name, settings, expected) => {
    expect(levelFinder(settings)(name).level).toBe(expected);
  });
});

describe("levels", () => {
  it("are known by name and by constant", () => {
    expect(["Warning", "CRIT", " err ", "silent", "loud"].map(toThreshold)).toEqual([
      "warn",
      "fatal",
      "error",
      "off",
      undefined,
    ]);
    expect([LOG_LEVEL_OFF, LOG_LEVEL_ERROR, LOG_LEVEL_DEBUG, LOG_LEVEL_TRACE, 9].map(toThreshold)).toEqual([
      "off",
      "error",
      "debug",
      "trace",
      undefined,
    ]);
  });

  it("have a constant each, fatal that of error", () => {
    expect([...LEVELS, "off" as const].map(toLogLevel)).toEqual([4, 3, 2, 1, 0, 0, -1]);
  });
});
