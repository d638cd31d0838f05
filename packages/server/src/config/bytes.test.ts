import { expect, it } from "vitest";
import { parseBytes } from "./bytes.ts";

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
