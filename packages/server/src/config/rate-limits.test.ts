import { expect, it } from "vitest";
import { readRateLimits } from "./rate-limits.ts";

it.each([
  [[], null, {}],
  [["5MB"], 5e6, {}],
  [["5 MB/s"], 5e6, {}],
  [["off"], null, {}],
  [["checkout=20MB", "1MiB", "audit=off"], 2 ** 20, { checkout: 20e6, audit: null }],
  [["a=b=1kB"], null, { "a=b": 1000 }],
])("%j are limits", (items, others, named) => {
  expect(readRateLimits(items)).toEqual({ others, named: new Map(Object.entries(named)) });
});

it.each(["", "fast", "checkout=", "=5MB", "checkout=-1", "999", "checkout=fast"])("%j is none", (item) => {
  expect(readRateLimits([item])).toBeUndefined();
});
