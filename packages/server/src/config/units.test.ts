import { expect, it } from "vitest";
import { parseBytes, parseDuration } from "./units.ts";

it.each<[text: string, bytes: number | undefined]>([
  ["0", 0],
  ["1048576", 1_048_576],
  ["512MB", 512e6],
  ["512 mb", 512e6],
  ["1.5GiB", 1.5 * 2 ** 30],
  ["10KiB", 10_240],
  ["2TB", 2e12],
  ["", undefined],
  ["MB", undefined],
  ["-1MB", undefined],
  ["1XB", undefined],
  ["1e3", undefined],
])("the size %j is %s bytes", (text, expected) => {
  expect(parseBytes(text)).toBe(expected);
});

it.each<[text: string, milliseconds: number | undefined]>([
  ["250ms", 250],
  ["30s", 30_000],
  ["15m", 900_000],
  ["1.5h", 5_400_000],
  ["7d", 604_800_000],
  ["2w", 1_209_600_000],
  ["30", undefined],
  ["m", undefined],
  ["-5m", undefined],
  ["5 minutes", undefined],
])("the time %j is %s milliseconds", (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});
