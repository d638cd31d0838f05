import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createPatience } from "./patience.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The seconds after which it is aborted, looked at each half second. */
function secondsUntilAbort(signal: AbortSignal): number {
  for (let seconds = 0; seconds < 100; seconds += 0.5) {
    if (signal.aborted) return seconds;
    vi.advanceTimersByTime(500);
  }
  throw new Error("It is not aborted.");
}

it.each<[what: string, age: number, expected: number]>([
  ["that came just now has the whole time", 0, 30],
  ["that came a while ago has the rest of it", 10, 20],
  ["that waited for long has some time nevertheless", 29, 5],
  ["that waited for too long has, too", 60, 5],
])("a request %s", (_, age, expected) => {
  const patience = createPatience(30_000);
  const { signal } = patience.deadline(performance.now() - age * 1000);
  expect(secondsUntilAbort(signal)).toBe(expected);
});

it.each<[what: string, age: number, expected: number]>([
  ["is left less", 0, 2],
  ["is left less, and not ended at once", 20, 2],
  ["is not left more", 29.5, 2],
])("a request under way %s when patience is shortened", (_, age, expected) => {
  const patience = createPatience(30_000);
  const { signal } = patience.deadline(performance.now() - age * 1000);
  patience.shorten(2_000);
  expect(secondsUntilAbort(signal)).toBe(expected);
});

it("what waited behind a request that was given up has little time", () => {
  const patience = createPatience(30_000);
  const since = performance.now();
  patience.shorten(6_000);
  vi.advanceTimersByTime(6_000);
  expect(secondsUntilAbort(patience.deadline(since).signal)).toBe(1);
});

it("a request that comes later has the shorter time from then", () => {
  const patience = createPatience(30_000);
  patience.shorten(3_000);
  vi.advanceTimersByTime(10_000);
  expect(secondsUntilAbort(patience.deadline(performance.now()).signal)).toBe(3);
});

it("patience does not grow", () => {
  const patience = createPatience(1_000);
  patience.shorten(60_000);
  expect(secondsUntilAbort(patience.deadline(performance.now()).signal)).toBe(1);
});

it("what is released keeps no timer", () => {
  const patience = createPatience(1_000);
  const deadline = patience.deadline(performance.now());
  deadline.release();
  patience.shorten(10);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(2_000);
  expect(deadline.signal.aborted).toBe(false);
});
