import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createWaker } from "./waker.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function isOver(sleep: Promise<void>): Promise<boolean> {
  let over = false;
  void sleep.then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return over;
}

it("sleeps for the time", async () => {
  const sleep = createWaker(new AbortController().signal).sleep(1_000);
  await vi.advanceTimersByTimeAsync(999);
  expect(await isOver(sleep)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isOver(sleep)).toBe(true);
});

it("wakes early", async () => {
  const waker = createWaker(new AbortController().signal);
  const sleep = waker.sleep(1_000);
  waker.wake();
  expect(await isOver(sleep)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

it("does not sleep when it was woken before, and does the next time", async () => {
  const waker = createWaker(new AbortController().signal);
  waker.wake();
  waker.wake();
  expect(await isOver(waker.sleep(1_000))).toBe(true);
  expect(await isOver(waker.sleep(1_000))).toBe(false);
});

it("does not sleep any more once aborted", async () => {
  const controller = new AbortController();
  const waker = createWaker(controller.signal);
  const sleep = waker.sleep(1_000);
  controller.abort();
  expect(await isOver(sleep)).toBe(true);
  expect(await isOver(waker.sleep(1_000))).toBe(true);
});
