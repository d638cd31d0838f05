import { describe, expect, it } from "vitest";
import { createIdSource, ID_STEP, idAt } from "./id.ts";

const NOON = Date.UTC(2026, 0, 2, 12);

describe("ids", () => {
  it("tell the millisecond of their making", () => {
    const first = createIdSource(() => NOON).take(1);
    expect(Number(first >> 22n) + Date.UTC(2020, 0, 1)).toBe(NOON);
  });

  it("go on while the clock stands", () => {
    const ids = createIdSource(() => NOON);
    expect(ids.take(3)).toBe(idAt(NOON));
    expect(ids.take(1)).toBe(idAt(NOON) + 3n * ID_STEP);
  });

  it("go on while the clock goes back", () => {
    let now = NOON;
    const ids = createIdSource(() => now);
    const first = ids.take(10);
    now -= 60_000;
    expect(ids.take(1)).toBe(first + 10n * ID_STEP);
  });

  it("go on when more are made than a millisecond has room for", () => {
    let now = NOON;
    const ids = createIdSource(() => now);
    const first = ids.take(5_000);
    now += 1;
    expect(ids.take(1)).toBe(first + 5_000n * ID_STEP);
  });

  it("pass over one that is taken already", () => {
    const ids = createIdSource(() => NOON);
    ids.passOver(idAt(NOON) + 99n * ID_STEP + 7n);
    expect(ids.take(1)).toBe(idAt(NOON) + 100n * ID_STEP);
    ids.passOver(5n);
    expect(ids.take(1)).toBe(idAt(NOON) + 101n * ID_STEP);
  });

  it("of several servers are never the same, whatever each has passed over", () => {
    const given = new Set<bigint>();
    for (const server of [0, 1, 2, 1023]) {
      const ids = createIdSource(
        () => NOON,
        () => server,
      );
      for (const passed of [0n, 3n, 5n * ID_STEP + 1n, 9n * ID_STEP + 1023n]) {
        ids.passOver(idAt(NOON) + passed);
        const first = ids.take(2);
        expect(first).toBeGreaterThan(idAt(NOON) + passed - 1n);
        for (const id of [first, first + ID_STEP]) {
          expect(given.has(id)).toBe(false);
          given.add(id);
        }
      }
    }
  });

  it("are none before 2020", () => {
    expect(idAt(0)).toBe(0n);
  });
});
