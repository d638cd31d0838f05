import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { isolatedPolylog } from "./testing/isolated-polylog.ts";
import { watch } from "./watch.ts";

const { polylog, records } = isolatedPolylog();
const logger = polylog.getLogger("jobs");
beforeEach(() => {
  records.length = 0;
});

const numbers = (value: number) => value;

describe("a result above the threshold", () => {
  it.each([
    ["more", 501, ["numbers returned 501, above 500"]],
    ["as much", 500, []],
    ["less", -1, []],
    ["infinitely more", Number.POSITIVE_INFINITY, ["numbers returned Infinity, above 500"]],
    ["not a number", Number.NaN, []],
  ])("%s", (_, value, messages) => {
    expect(watch(numbers, { above: 500, logger })(value)).toBe(value);
    expect(records.map((record) => record.message)).toEqual(messages);
  });

  it("is told with what it was", () => {
    watch(numbers, { above: 500, logger })(612);
    expect(records).toMatchObject([
      { level: "warn", logger: "jobs", metadata: { function: "numbers", value: 612, above: 500 } },
    ]);
    expect(records[0]?.metadata).not.toHaveProperty("arguments");
  });

  it("counts for what a promise gives", async () => {
    const count = watch(async (n: bigint) => n, { above: 500, logger, name: "count" });
    expect(await count(501n)).toBe(501n);
    expect(records.map((record) => record.message)).toEqual(["count returned 501, above 500"]);
  });

  it("counts for what `value` makes of a result", () => {
    const find = watch((n: number) => Array.from({ length: n }), {
      value: (found) => found.length,
      above: 2,
      name: "find",
      logger,
      level: "info",
    });
    find(2);
    find(3);
    expect(records.map(({ level, message }) => [level, message])).toEqual([
      ["info", "find returned 3, above 2"],
    ]);
  });
});

describe("a slow call", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is told with its duration", async () => {
    const wait = (ms: number) => new Promise<string>((resolve) => setTimeout(resolve, ms, "done"));
    const watched = watch(wait, { slowerThan: 200, logger });
    const both = Promise.all([watched(200), watched(250)]);
    await vi.advanceTimersByTimeAsync(300);
    expect(await both).toEqual(["done", "done"]);
    expect(records).toMatchObject([
      { message: "wait took 250 ms, longer than 200", metadata: { durationMs: 250, slowerThan: 200 } },
    ]);
  });

  it("that returned too much is one record", () => {
    const work = (value: number): number => {
      vi.advanceTimersByTime(30);
      return value;
    };
    watch(work, { above: 1, slowerThan: 10, logger })(2);
    expect(records.map((record) => record.message)).toEqual([
      "work returned 2, above 1, and took 30 ms, longer than 10",
    ]);
  });
});

describe("a call that throws", () => {
  const broken = () => {
    throw new TypeError("broken");
  };
  const rejected = async () => broken();

  it("is logged when that is asked for", async () => {
    expect(watch(broken, { errors: true, logger })).toThrow("broken");
    await expect(watch(rejected, { errors: true, logger })()).rejects.toThrow(TypeError);
    expect(records).toMatchObject([
      { level: "error", message: expect.stringMatching(/^broken threw after/), error: { name: "TypeError" } },
      { level: "error", message: expect.stringMatching(/^rejected threw after/) },
    ]);
  });

  it("is not logged otherwise", async () => {
    expect(watch(broken, { slowerThan: 10_000, logger })).toThrow("broken");
    await expect(watch(rejected, { slowerThan: 10_000, logger })()).rejects.toThrow("broken");
    expect(records).toEqual([]);
  });
});

describe("the watched function", () => {
  it("keeps `this`, its name and its length", () => {
    class Queue {
      size = 7;
      count(_kind: string): number {
        return this.size;
      }
    }
    const queue = new Queue();
    queue.count = watch(queue.count, { above: 5, logger });
    expect(queue.count("all")).toBe(7);
    expect([queue.count.name, queue.count.length]).toEqual(["count", 1]);
    expect(records).toHaveLength(1);
  });

  it("shows its arguments only when told to, and only those", () => {
    const login = (user: string, _password: string) => user.length;
    watch(login, { above: 1, logger, arguments: true })("ann", "secret");
    watch(login, { above: 1, logger, arguments: (user) => ({ user }) })("ann", "secret");
    expect(records.map((record) => record.metadata?.arguments)).toEqual([["ann", "secret"], { user: "ann" }]);
  });

  it("isn't harmed by options that throw", () => {
    const value = (): number => {
      throw new Error("mistake");
    };
    expect(watch(() => "result", { value, above: 1, logger, name: "f" })()).toBe("result");
    expect(records).toMatchObject([{ level: "warn", message: "f can't be watched: its options threw" }]);
  });

  it("leaves a thenable that starts when it is asked to whom it was made for", () => {
    // biome-ignore lint/suspicious/noThenProperty: query builders are such thenables
    const query = { then: vi.fn() };
    expect(watch(() => query, { slowerThan: 1, logger })()).toBe(query);
    expect(query.then).not.toHaveBeenCalled();
  });

  it("costs nothing more when its level is off", () => {
    const seen = vi.fn(() => ({}));
    const quiet = isolatedPolylog({ level: "error" }).polylog.getLogger("quiet");
    watch(numbers, { above: 1, logger: quiet, arguments: seen })(2);
    expect(seen).not.toHaveBeenCalled();
  });
});

describe("its types", () => {
  it("are those of the function", () => {
    const generic = watch(<T extends { id: number }>(of: T) => of, { slowerThan: 5, logger });
    expectTypeOf(generic({ id: 1, name: "a" }).name).toEqualTypeOf<string>();
    expectTypeOf(watch(numbers, { above: 5, logger })).toEqualTypeOf<(value: number) => number>();
  });

  it("offer `above` for numbers only", () => {
    watch(async () => 5, { above: 1, logger });
    watch(() => "a", { above: 1, value: (text) => text.length, logger });
    // @ts-expect-error a string is above nothing
    watch(() => "a", { above: 1, logger });
    // @ts-expect-error a value is compared with something
    watch(() => "a", { value: (text: string) => text.length, logger });
    // @ts-expect-error there is no such option
    watch(() => 1, { abvoe: 1, logger });
  });
});
