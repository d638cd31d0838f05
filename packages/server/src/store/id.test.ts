import { describe, expect, it } from "vitest";
import { createIdSource, idAt } from "./id.ts";

const NOON = Date.UTC(2026, 0, 2, 12);

describe("ids", () => {
  it("tell the millisecond of their making", () => {
    const first = createIdSource(() => NOON).take(1);
    expect(Number(first >> 22n) + Date.UTC(2020, 0, 1)).toBe(NOON);
  });

  it("go on while the clock stands", () => {
    const ids = createIdSource(() => NOON);
    expect(ids.take(3)).toBe(idAt(NOON));
    expect(ids.take(1)).toBe(idAt(NOON) + 3n);
  });

  it("go on while the clock goes back", () => {
    let now = NOON;
    const ids = createIdSource(() => now);
    const first = ids.take(10);
    now -= 60_000;
    expect(ids.take(1)).toBe(first + 10n);
  });

  it("go on when more are made than a millisecond has room for", () => {
    let now = NOON;
    const ids = createIdSource(() => now);
    const first = ids.take(5_000_000);
    now += 1;
    expect(ids.take(1)).toBe(first + 5_000_000n);
  });

  it("pass over one that is taken already", () => {
    const ids = createIdSource(() => NOON);
    ids.passOver(idAt(NOON) + 99n);
    expect(ids.take(1)).toBe(idAt(NOON) + 100n);
    ids.passOver(5n);
    expect(ids.take(1)).toBe(idAt(NOON) + 101n);
  });

  it("are none before 2020", () => {
    expect(idAt(0)).toBe(0n);
  });
});
