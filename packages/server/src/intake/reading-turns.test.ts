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
  function take(name: string, sender?: string) {
    const note = (error: { code: string }) => events.push(`${name} ${error.code}`);
    const turn = turns.take(note, sender);
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

  it("go from sender to sender, each in the order of asking", async () => {
    turns = createReadingTurns({ ...LIMITS, turns: 1, waiting: 10 });
    const flood = ["a1", "a2", "a3", "a4"].map((name) => take(name, "10.0.0.1"));
    const other = take("b1", "10.0.0.2");
    const order: string[] = [];
    for (const turn of [flood[0], flood[1], other, flood[2], flood[3]]) {
      order.push(...(await after(0)));
      turn?.end();
    }
    expect(order).toEqual(["a1", "a2", "b1", "a3", "a4"]);
  });

  it("leave places for others when one sender takes all it can get", async () => {
    turns = createReadingTurns({ ...LIMITS, turns: 1, waiting: 10 });
    for (let n = 0; n < 20; n++) take(`a${n}`, "10.0.0.1");
    const refused = (await after(0)).filter((event) => event.endsWith("POLYLOG_E_INTAKE_FULL"));
    expect(refused).toHaveLength(11);
    take("b", "10.0.0.2");
    expect(await after(0)).toEqual([]);
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
