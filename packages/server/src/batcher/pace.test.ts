import { describe, expect, it } from "vitest";
import { createPace } from "./pace.ts";

/** Inserts in ten seconds of an endless stream, each of so many requests, after the first burst. */
function insertsInTenSeconds(requests: number): number {
  const pace = createPace();
  let now = 0;
  let inserts = 0;
  while (now < 20_000) {
    now += pace.pause(now, requests);
    pace.count(now, requests);
    if (now >= 10_000) inserts++;
  }
  return inserts;
}

it("lets a burst through and then spaces what follows", () => {
  const pace = createPace();
  const pauses = Array.from({ length: 13 }, () => {
    const pause = pace.pause(1000, 1);
    pace.count(1000, 1);
    return pause;
  });
  expect(pauses).toEqual([...new Array(10).fill(0), 200, 400, 600]);
});

it("lets one insert through at once after two quiet seconds", () => {
  const pace = createPace();
  for (let i = 0; i < 20; i++) pace.count(0, 1);
  expect(pace.pause(10_000, 1)).toBe(0);
});

it("never makes five inserts a second wait", () => {
  const pace = createPace();
  for (let i = 0; i < 100; i++) {
    expect(pace.pause(i * 200, 1)).toBe(0);
    pace.count(i * 200, 1);
  }
});

describe("inserts in ten seconds of an endless stream", () => {
  it.each([
    [1, 50],
    [250, 50],
    [500, 100],
    [1000, 200],
    [100_000, 200],
  ])("of %i requests each are %i", (requests, inserts) => {
    expect(insertsInTenSeconds(requests)).toBeGreaterThanOrEqual(inserts - 1);
    expect(insertsInTenSeconds(requests)).toBeLessThanOrEqual(inserts + 1);
  });
});

it("shortens a pause as more requests come", () => {
  const pace = createPace();
  for (let i = 0; i < 10; i++) pace.count(0, 1);
  const pauses = [1, 250, 500, 1000].map((requests) => pace.pause(20, requests));
  expect(pauses).toEqual([180, 180, 80, 30]);
});
