import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { createRateLimiter } from "./rate-limiter.ts";

function limiterOf(perSecond: number) {
  const clock = { time: 0 };
  return { clock, limiter: createRateLimiter({ perSecond }, () => clock.time) };
}

describe("a rate limiter", () => {
  it("lets so many through in a second, and as many again in the next", () => {
    const { clock, limiter } = limiterOf(2);
    const admitted = [0, 1, 2, 999, 1000, 1001, 1002].filter((time) => {
      clock.time = time;
      return limiter.admit("shop", "info", "paid");
    });
    expect(admitted).toEqual([0, 1, 1000, 1001]);
  });

  it("counts logger, level and message each by themselves", () => {
    const { limiter } = limiterOf(1);
    expect(limiter.admit("shop", "info", "paid")).toBe(true);
    expect(limiter.admit("shop", "info", "paid")).toBe(false);
    expect(limiter.admit("shop.till", "info", "paid")).toBe(true);
    expect(limiter.admit("shop", "warn", "paid")).toBe(true);
    expect(limiter.admit("shop", "info", "sent")).toBe(true);
  });

  it("sums up what it held back when the second is over, once", () => {
    const { clock, limiter } = limiterOf(5);
    for (let i = 0; i < 128; i++) limiter.admit("shop", "warn", "card declined");
    limiter.admit("shop", "warn", "rare");
    clock.time = 999;
    expect(limiter.due()).toEqual([]);
    clock.time = 1000;
    expect(limiter.due()).toEqual([
      {
        logger: "shop",
        level: "warn",
        message: "card declined … 123 more like this in 1 s",
        metadata: { heldBack: 123 },
      },
    ]);
    expect(limiter.due()).toEqual([]);
  });

  it("keeps the sum of a second that a further record has ended", () => {
    const { clock, limiter } = limiterOf(1);
    for (let i = 0; i < 3; i++) limiter.admit("", "info", "tick");
    clock.time = 1500;
    expect(limiter.admit("", "info", "tick")).toBe(true);
    expect(limiter.due().map((sum) => sum.message)).toEqual(["tick … 2 more like this in 1 s"]);
  });

  it("gives out the sums of seconds that go on, for the end", () => {
    const { limiter } = limiterOf(1);
    for (let i = 0; i < 3; i++) limiter.admit("", "info", "tick");
    expect(limiter.rest().map((sum) => sum.metadata.heldBack)).toEqual([2]);
    expect(limiter.rest()).toEqual([]);
  });

  it("lets no more through because sums were asked for, and tells nothing twice", () => {
    const { clock, limiter } = limiterOf(1);
    for (let i = 0; i < 3; i++) limiter.admit("", "info", "tick");
    expect(limiter.rest().map((sum) => sum.metadata.heldBack)).toEqual([2]);
    expect(limiter.admit("", "info", "tick")).toBe(false);
    expect(limiter.rest().map((sum) => sum.metadata.heldBack)).toEqual([1]);
    expect(limiter.admit("", "info", "tick")).toBe(false);
    clock.time = 1000;
    expect(limiter.due().map((sum) => sum.metadata.heldBack)).toEqual([1]);
  });

  it("watches 10,000 messages at most and lets the oldest go, with its sum", () => {
    const { limiter } = limiterOf(1);
    limiter.admit("", "info", "first");
    limiter.admit("", "info", "first");
    for (let i = 0; i < 10_000; i++) limiter.admit("", "info", `message ${i}`);
    expect(limiter.due().map((sum) => sum.message)).toEqual(["first … 1 more like this in 1 s"]);
    expect(limiter.admit("", "info", "first")).toBe(true);
    expect(limiter.admit("", "info", "message 9999")).toBe(false);
  });

  it("keeps no long message alive for its beginning", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { limiter } = limiterOf(1);
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 100; i++) limiter.admit("", "info", `${i} `.padEnd(1_000_000, "x"));
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
    expect(limiter.admit("", "info", "99 ".padEnd(1_000_000, "x"))).toBe(false);
  });

  it("tells long messages apart by their beginning", () => {
    const { limiter } = limiterOf(1);
    expect(limiter.admit("", "info", `${"x".repeat(200)}1`)).toBe(true);
    expect(limiter.admit("", "info", `${"x".repeat(200)}2`)).toBe(false);
    expect(limiter.rest()[0]?.message).toBe(`${"x".repeat(200)} … 1 more like this in 1 s`);
  });
});
