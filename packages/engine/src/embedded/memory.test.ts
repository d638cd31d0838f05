import { expect, test } from "vitest";
import { defaultMemoryBytes } from "./memory.ts";

const GIB = 2 ** 30;

test.each<[what: string, constrained: number, physical: number, expected: number]>([
  ["half of the machine's", 0, 4 * GIB, 2 * GIB],
  ["half of the container's", 3 * GIB, 64 * GIB, 1.5 * GIB],
  ["half of the machine's when the container's limit is none", 2 ** 63, 4 * GIB, 2 * GIB],
  ["at most 4 GB", 0, 64 * GIB, 4e9],
  ["at least what merges need", 0, 512 * 2 ** 20, 512 * 2 ** 20],
])("by default the engine gets %s", (_, constrained, physical, expected) => {
  expect(defaultMemoryBytes(constrained, physical)).toBe(expected);
});
