import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createReadingTurns, type ReadingTurns } from "./reading-turns.ts";

const LIMITS = { turns: 2, waiting: 2, patience: 1000, duration: 5000 };

describe("reading turns", () => {
  let turns: ReadingTurns;
  let events: string[];
  beforeEach(() => {
    vi.useFakeTimers();
    turns = createReadingTurns(LIMITS);
    events = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Takes a turn, and notes what comes of it. */
  function take(name: string) {
    const note = (error: { code: string }) => events.push(`${name} ${error.code}`);
    const turn = turns.take(note);
    turn.granted.then(() => events.push(name), note);
    return turn;
  }

  /** What happened since the last call, and within so many milliseconds. */
  async function after(milliseconds: number): Promise<string[]> {
    await vi.advanceTimersByTimeAsync(milliseconds);
    return events.splice(0);
  }

  it("are granted in the order of asking, one for each that ends", async () => {
    const [a] = [take("a"), take("b"), take("c"), take("d")];
    expect(await after(0)).toEqual(["a", "b"]);
    a.end();
    a.end();
    expect(await after(0)).toEqual(["c"]);
  });

  it("pass over who left", async () => {
    const [a, , c] = [take("a"), take("b"), take("c"), take("d")];
    c.end();
    a.end();
    expect(await after(0)).toEqual(["a", "b", "d"]);
  });

  it("are refused at once when too many wait, and to those who waited too long", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) take(name);
    expect(await after(0)).toEqual(["a", "b", "e POLYLOG_E_INTAKE_FULL"]);
    expect(await after(LIMITS.patience)).toEqual(["c POLYLOG_E_INTAKE_FULL", "d POLYLOG_E_INTAKE_FULL"]);
  });

  it("end by themselves, and the next one begins", async () => {
    take("a");
    take("b");
    await after(LIMITS.duration - 100);
    take("c");
    expect(await after(100)).toEqual(["a POLYLOG_E_BAD_REQUEST", "c", "b POLYLOG_E_BAD_REQUEST"]);
    expect(await after(LIMITS.duration)).toEqual(["c POLYLOG_E_BAD_REQUEST"]);
    expect(await after(LIMITS.duration)).toEqual([]);
  });
});
