import { describe, expect, it } from "vitest";
import { backoff, retryAfter } from "./backoff.ts";

describe("the pause before a further try", () => {
  it.each([
    [0, 500, 1_000],
    [1, 1_000, 2_000],
    [4, 8_000, 16_000],
    [5, 15_000, 30_000],
    [50, 15_000, 30_000],
  ])("after %d failures lies between %d and %d ms", (attempt, shortest, longest) => {
    expect(backoff(attempt, () => 0)).toBe(shortest);
    expect(backoff(attempt, () => 0.999999)).toBeCloseTo(longest, -1);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-03-27T10:00:00Z");
  it.each([
    ["120", 120_000],
    [" 0 ", 0],
    ["Fri, 27 Mar 2026 10:00:30 GMT", 30_000],
    ["Fri, 27 Mar 2026 09:00:00 GMT", 0],
    ["999999999", 300_000],
    ["soon", undefined],
    ["-5", undefined],
    ["", undefined],
    [null, undefined],
  ])("%j asks to wait %s ms", (header, wait) => {
    expect(retryAfter(header, now)).toBe(wait);
  });
});
