import { describe, expect, it, vi } from "vitest";
import { polylog as ours } from "../api.ts";
import type { Options } from "../config/options.ts";
import { createPolylog } from "../core/create-polylog.ts";
import { addonHub } from "../host/addons.ts";
import { bareHost } from "../host/bare.ts";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";
import { Decoder } from "./decoder.ts";
import { connectNative } from "./index.ts";
import { batchOf, earlyBatchOf, type FakeRecord, fakeAddon, writeRelease } from "./testing/fake-addon.ts";

const record = (message: string, changes: Partial<FakeRecord> = {}): FakeRecord => ({
  target: "my_core::cluster",
  rank: 2,
  message,
  ...changes,
});

function connected() {
  const { polylog, records } = isolatedPolylog();
  const addon = fakeAddon();
  connectNative(addon, { polylog });
  return { polylog, addon, records, messages: () => records.map(({ message }) => message) };
}

it("an addon of another format that comes by itself is told of, and throws nothing into whoever loads it", () => {
  const tell = vi.spyOn(ours.problems, "tell").mockImplementation(() => {});
  addonHub().connect?.({ ...fakeAddon(), version: 9 });
  expect(tell).toHaveBeenCalledWith("POLYLOG_E_NATIVE", "addon", expect.stringContaining("writes format 9"));
  tell.mockRestore();
});

describe("an addon's batches", () => {
  it("are taken until there are none when it wakes the reader", async () => {
    const { addon, messages } = connected();
    addon.waiting.push(batchOf(record("one"), record("two")), batchOf(record("three")));
    addon.wake();
    await vi.waitFor(() => expect(messages()).toEqual(["one", "two", "three"]));
  });

  it("that are small are given time: the reader rests after one, and comes back by itself", async () => {
    const { addon, messages } = connected();
    const takenAtRest: number[] = [];
    addon.rest = () => takenAtRest.push(messages().length);
    addon.waiting.push(batchOf(record("one")), batchOf(record("two")));
    addon.wake();
    await vi.waitFor(() => expect(messages()).toEqual(["one", "two"]));
    expect(takenAtRest).toEqual([1, 2]);
  });

  it("are taken by a flush, and by the count of what was lost nothing else", async () => {
    const { addon, polylog, messages } = connected();
    addon.waiting.push(batchOf(record("one")));
    addon.lost = 3;
    expect(polylog.droppedLogCount()).toBe(3);
    expect(messages()).toEqual([]);
    await polylog.flush();
    expect(messages()).toEqual(["one"]);
  });

  it("are not taken without end while native threads go on", () => {
    const { addon, polylog, messages } = connected();
    const more = (out: Uint8Array): number => {
      addon.waiting.push(more);
      return batchOf(record("again"))(out);
    };
    addon.waiting.push(more);
    polylog.flushSync();
    expect(messages()).toHaveLength(128);
  });

  it("that can't be read are told of and left, and the next is read", async () => {
    const told: string[] = [];
    const polylog = createPolylog(bareHost({ tell: (line) => told.push(line) }));
    const messages: string[] = [];
    polylog.configure({ sinks: { messages: ({ message }) => messages.push(message) } });
    const addon = fakeAddon();
    connectNative(addon, { polylog });
    const broken = (out: Uint8Array) => {
      new Uint32Array(out.buffer, 0, 6).set([6, 0, 0, 0, 0, 99]);
      return 24;
    };
    addon.waiting.push(broken, batchOf(record("one")));
    addon.wake();
    await vi.waitFor(() => expect(messages).toEqual(["one"]));
    expect(told).toEqual([expect.stringMatching(/operation 99 .*POLYLOG_E_NATIVE/)]);
    expect(polylog.droppedLogCount()).toBe(1);
  });

  it("with a record that can't be read lose and count that one, and no other", () => {
    const { addon, polylog, messages } = connected();
    const broken = record("two", { field: [(1 << 8) | 99, 0] });
    addon.waiting.push(batchOf(record("one"), broken, record("three")));
    addon.drain();
    expect(messages()).toEqual(["one", "three"]);
    expect(polylog.droppedLogCount()).toBe(1);
  });

  it("are left where they are while a sink flushes that was given one of them", async () => {
    const { polylog } = isolatedPolylog();
    const messages: string[] = [];
    polylog.configure({
      sinks: {
        eager: ({ message }) => {
          messages.push(message);
          polylog.flushSync();
        },
      },
    });
    const addon = fakeAddon();
    connectNative(addon, { polylog });
    addon.waiting.push(batchOf(record("one"), record("two")), batchOf(record("three")));
    addon.wake();
    await vi.waitFor(() => expect(messages).toEqual(["one", "two", "three"]));
  });

  it("go on in the next turn when the slice is over", async () => {
    const { polylog } = isolatedPolylog();
    const messages: string[] = [];
    polylog.configure({
      sinks: {
        slow({ message }) {
          messages.push(message);
          const until = performance.now() + 0.3;
          while (performance.now() < until);
        },
      },
    });
    const addon = fakeAddon();
    connectNative(addon, { polylog });
    addon.waiting.push(batchOf(...Array.from({ length: 100 }, (_, at) => record(String(at)))));
    let mostInATurn = 0;
    let before = 0;
    const turn = setInterval(() => {
      mostInATurn = Math.max(mostInATurn, messages.length - before);
      before = messages.length;
    }, 0);
    addon.wake();
    await vi.waitFor(() => expect(messages).toHaveLength(100));
    clearInterval(turn);
    expect(messages.at(-1)).toBe("99");
    expect(mostInATurn).toBeLessThan(50);
  });
});

it("a slice ends when the clock says so, between two records", () => {
  const seen: string[] = [];
  const inlet = {
    isLocated: false,
    capture: () => ({ context: undefined, trace: undefined }),
    logger: () => ({
      isEnabled: () => true,
      sendWritten: () => false,
      send: (_rank: number, _time: number, message: string) => seen.push(message),
    }),
  };
  let time = 0;
  const decoder = new Decoder({ inlet, batchBytes: 64 * 1024, clock: () => ++time, reader: 0 });
  batchOf(...Array.from({ length: 100 }, (_, at) => record(String(at))))(decoder.batch);
  decoder.open();
  decoder.run(2);
  expect(seen).toHaveLength(32);
  decoder.run(Number.POSITIVE_INFINITY);
  expect(seen).toHaveLength(100);
  expect(decoder.hasMore).toBe(false);
});

it("records that were made before the host said what it wants pass its levels; those after don't ask", () => {
  const { addon, polylog, messages } = connected();
  polylog.setLogLevel("warn");
  addon.waiting.push(
    earlyBatchOf(record("early info"), record("early warn", { rank: 3 })),
    batchOf(record("late info")),
  );
  addon.drain();
  expect(messages()).toEqual(["early warn", "late info"]);
});

it("a context holds until native code gives it back", () => {
  const { addon, polylog, records } = connected();
  expect(addon.capture()).toBe(0);
  const context = polylog.withContext({ invocation: "run-1" }, () => addon.capture());
  const within = batchOf(record("within", { context }));
  addon.waiting.push(within, within, (out) => writeRelease(out, context), within);
  addon.drain();
  expect(records.map((one) => one.context?.invocationId)).toEqual(["run-1", "run-1", undefined]);
});

describe("a text line that native code has written", () => {
  const written = (changes: Partial<FakeRecord> = {}) =>
    record("one", { line: " from=native\n", ...changes });
  const plain = "INFO  [R] my_core::cluster one";

  it.each<[string, Options, readonly FakeRecord[], readonly string[]]>([
    [
      "is what the sink gets",
      {},
      [written(), record("two")],
      [`${plain} from=native\n`, expect.stringMatching(/two\n$/)],
    ],
    ["is made anew where fields may be secret", { redact: ["password"] }, [written()], [`${plain}\n`]],
    ["is made anew with global metadata", { globalMetadata: { a: 1 } }, [written()], [`${plain} a=1\n`]],
    [
      "is made anew with metadata that is asked for",
      { globalMetadata: () => ({ a: 1 }) },
      [written()],
      [`${plain} a=1\n`],
    ],
    ["is made anew of a fatal record", {}, [written({ rank: 5 })], ["CRIT  [R] my_core::cluster one\n"]],
    ["is made anew where records are sampled", { sampling: 0.999999999 }, [written()], [`${plain}\n`]],
    [
      "is made anew in another format",
      { format: "logfmt" },
      [written()],
      [expect.stringMatching(/msg=one$/m)],
    ],
  ])("%s", (_, options, records, expected) => {
    const lines: string[] = [];
    const polylog = createPolylog(bareHost());
    polylog.configure({
      format: "text",
      ...options,
      sinks: { lines: { writeLine: (line) => lines.push(line) } },
    });
    const addon = fakeAddon();
    connectNative(addon, { polylog });
    addon.waiting.push(batchOf(...records));
    polylog.flushSync();
    expect(lines.map((line) => line.replace(/^\S+Z /, ""))).toEqual(expected);
  });

  it("is made anew with a context, and for a sink of records beside", () => {
    const { addon, polylog, records } = connected();
    const context = polylog.withContext({ invocation: "run-1" }, () => addon.capture());
    addon.waiting.push(batchOf(written({ context }), written(), record("two")));
    polylog.flushSync();
    expect(records.map(({ message }) => message)).toEqual(["one", "one", "two"]);
    expect(records[0]?.context?.invocationId).toBe("run-1");
  });

  it.each<[string, Options, boolean]>([
    ["of text lines alone", { format: "text", sinks: { lines: { writeLine: () => {} } } }, true],
    ["of records", { sinks: { records: () => {} } }, false],
    ["of both", { format: "text", sinks: { lines: { writeLine: () => {} }, records: () => {} } }, false],
    ["of JSON", { format: "json", sinks: { lines: { writeLine: () => {} } } }, false],
    [
      "of what is redacted",
      { redact: ["a"], format: "text", sinks: { lines: { writeLine: () => {} } } },
      false,
    ],
  ])("is asked for by sinks %s: it says whether", (_, options, expected) => {
    const polylog = createPolylog(bareHost());
    const addon = fakeAddon();
    connectNative(addon, { polylog });
    polylog.configure(options);
    expect(addon.areLinesWanted).toBe(expected);
  });
});

describe("connectNative", () => {
  it("refuses what is no addon, and one of another format", () => {
    const { polylog } = isolatedPolylog();
    for (const given of [undefined, {}, { take: 1 }, "addon"]) {
      expect(() => connectNative(given, { polylog })).toThrow(
        expect.objectContaining({ code: "POLYLOG_E_NATIVE" }),
      );
    }
    expect(() => connectNative({ ...fakeAddon(), version: 9 }, { polylog })).toThrow(/writes format 9/);
  });

  it("takes exports that have the addon under its symbol", () => {
    const { polylog } = isolatedPolylog();
    const addon = fakeAddon();
    connectNative({ [Symbol.for("polylog.v1.addon")]: addon }, { polylog });
    expect(addon.filters).toEqual(["trace"]);
  });
});

describe("the filter that is pushed down", () => {
  const sink = () => {};

  it.each<[string, Parameters<ReturnType<typeof createPolylog>["configure"]>[0], string]>([
    ["is the level", { level: "debug", sinks: { sink } }, "debug"],
    ["has levels by name", { filter: "warn,a::b=trace", sinks: { sink } }, "warn,a.b=trace"],
    ["knows what no sink wants", { level: "debug", sinks: { sink: { sink, level: "error" } } }, "error"],
    ["is off without sinks", { sinks: {} }, "off"],
    [
      "knows sinks of single loggers",
      {
        level: "trace",
        sinks: { all: { sink, level: "warn" }, some: sink },
        loggers: { a: { sinks: ["some"] } },
      },
      "trace,a=trace",
    ],
    [
      "hands on what holds within spans",
      { filter: "info,a[b{c=1}]=debug", sinks: { sink } },
      "info,a[b{c=1}]=debug",
    ],
  ])("%s", (_, options, expected) => {
    const polylog = createPolylog(bareHost());
    const addon = fakeAddon();
    connectNative(addon, { polylog });
    polylog.configure(options);
    expect(addon.filters.at(-1)).toBe(expected);
  });

  it("follows setLevel, and RUST_LOG before all", () => {
    const polylog = createPolylog(bareHost({ environment: { RUST_LOG: "core=debug" } }));
    polylog.configure({ sinks: { sink } });
    const addon = fakeAddon();
    connectNative(addon, { polylog });
    polylog.getLogger("core").setLevel("off");
    polylog.getLogger("other").setLevel("warn");
    expect(addon.filters.at(-1)?.split(",").sort()).toEqual(["core=debug", "info", "other=warn"]);
  });
});
