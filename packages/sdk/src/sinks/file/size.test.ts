import { describe, expect, it } from "vitest";
import { type Size, toBytes } from "./size.ts";

describe("a size", () => {
  it.each<[Size, number]>([
    [1024, 1024],
    ["10B", 10],
    ["10kB", 10_000],
    ["10KB", 10_000],
    ["1.5KiB", 1536],
    ["10MB", 10_000_000],
    ["1MiB", 1_048_576],
    ["2GB", 2e9],
    ["1GiB", 2 ** 30],
  ])("%s is %d bytes", (size, bytes) => {
    expect(toBytes(size)).toBe(bytes);
  });

  it.each([0, -1, Number.NaN, "10", "MB", "10XB", "-1MB", "0MB", ""])("%s is refused", (size) => {
    expect(() => toBytes(size as Size)).toThrow(/is no size/);
  });
});
