import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../logger/record.ts";
import { memorySink } from "../memory.ts";
import type { LineSink } from "../sink.ts";
import { type RingSinkOptions, ringSink } from "./ring-sink.ts";

function record(level: LogRecord["level"], message: string, fields: Partial<LogRecord> = {}): LogRecord {
  return {
    time: Date.parse("2026-03-27T10:23:45.123Z"),
    level,
    logger: "shop",
    message,
    system: "node",
    metadata: undefined,
    error: undefined,
    context: undefined,
    trace: undefined,
    appId: undefined,
    ...fields,
  };
}

const inTrace = (id: string): Partial<LogRecord> => ({
  trace: { traceId: id.padStart(32, "0"), spanId: "00f067aa0ba902b7", traceFlags: 1 },
});

function ringOf(options: RingSinkOptions = {}) {
  const memory = memorySink();
  return { ring: ringSink(memory, options), messages: () => memory.messages() };
}

describe("a ring sink", () => {
  it("lets debug records out only when an error comes, before it and in order", () => {
    const { ring, messages } = ringOf();
    ring.writeRecord(record("trace", "a"));
    ring.writeRecord(record("debug", "b"));
    ring.writeRecord(record("info", "c"));
    ring.writeRecord(record("warn", "d"));
    expect(messages()).toEqual(["c", "d"]);
    ring.writeRecord(record("error", "e"));
    expect(messages()).toEqual(["c", "d", "a", "b", "e"]);
  });

  it("lets each record out once", () => {
    const { ring, messages } = ringOf();
    ring.writeRecord(record("debug", "a"));
    ring.writeRecord(record("error", "b"));
    ring.writeRecord(record("fatal", "c"));
    expect(messages()).toEqual(["a", "b", "c"]);
  });

  it.each<[string, Partial<LogRecord>, Partial<LogRecord>]>([
    ["trace", inTrace("1"), inTrace("2")],
    ["invocation", { context: { invocationId: "1" } }, { context: { invocationId: "2" } }],
    ["request", { metadata: { requestId: "1" } }, { metadata: { requestId: "2" } }],
    ["request by its other name", { metadata: { request_id: 1 } }, { metadata: { request_id: 2 } }],
    ["process, apart from any trace,", {}, inTrace("1")],
  ])("keeps the records of each %s by themselves", (_name, one, other) => {
    const { ring, messages } = ringOf();
    ring.writeRecord(record("debug", "mine", one));
    ring.writeRecord(record("debug", "theirs", other));
    ring.writeRecord(record("error", "failed", one));
    expect(messages()).toEqual(["mine", "failed"]);
  });

  it("holds the last records of a trace, as many as it is told", () => {
    const { ring, messages } = ringOf({ records: 2 });
    for (const message of ["a", "b", "c"]) ring.writeRecord(record("debug", message));
    ring.writeRecord(record("error", "e"));
    expect(messages()).toEqual(["b", "c", "e"]);
  });

  it("forgets the trace that is longest untouched when there are too many", () => {
    const { ring, messages } = ringOf({ traces: 2 });
    ring.writeRecord(record("debug", "a1", inTrace("a")));
    ring.writeRecord(record("debug", "b1", inTrace("b")));
    ring.writeRecord(record("debug", "a2", inTrace("a")));
    ring.writeRecord(record("debug", "c1", inTrace("c")));
    for (const id of ["a", "b", "c"]) ring.writeRecord(record("error", `error ${id}`, inTrace(id)));
    expect(messages()).toEqual(["a1", "a2", "error a", "error b", "c1", "error c"]);
  });

  it("holds no more records in all than it is told", () => {
    const { ring, messages } = ringOf({ totalRecords: 3 });
    for (const id of ["a", "b", "c", "d"]) ring.writeRecord(record("debug", id, inTrace(id)));
    for (const id of ["a", "b", "c", "d"]) ring.writeRecord(record("error", `error ${id}`, inTrace(id)));
    expect(messages()).toEqual(["error a", "b", "error b", "c", "error c", "d", "error d"]);
  });

  it("holds and lets out by the levels it is told", () => {
    const { ring, messages } = ringOf({ passes: "warn", trigger: "warn" });
    ring.writeRecord(record("info", "a"));
    expect(messages()).toEqual([]);
    ring.writeRecord(record("warn", "b"));
    expect(messages()).toEqual(["a", "b"]);
  });

  it.each([
    ["text", "2026-03-27T10:23:45.123Z DEBUG [N] shop_app [W(w1)i1:t1] shop cart items=2\n", { items: 2 }],
    ["logfmt", expect.stringMatching(/level=debug .*cart.* items=2/), { items: 2 }],
    [
      "json",
      expect.stringMatching(/^\{.*"message":"cart".*"invocation_id":"i1".*"metadata":\{"items":2\}\}\n$/),
      { items: 2 },
    ],
    [(given: LogRecord) => `>${given.message}`, ">cart\n", undefined],
  ] as const)("writes to a sink that takes lines in the format %s", (format, line, metadata) => {
    const lines: string[] = [];
    const inner: LineSink = { writeLine: (text) => lines.push(text) };
    const ring = ringSink(inner, { format });
    const context = { workerId: "w1", invocationId: "i1", taskId: "t1" };
    ring.writeRecord(record("debug", "cart", { appId: "shop_app", context, metadata }));
    ring.writeRecord(record("error", "failed", { context }));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toEqual(line);
  });

  it("passes flush, close and what is dropped on, and takes a mere function", async () => {
    const calls: string[] = [];
    const ring = ringSink({
      writeRecord: () => {},
      flush: async () => void calls.push("flush"),
      flushSync: () => void calls.push("flushSync"),
      close: async () => void calls.push("close"),
      dropped: 3,
    });
    await ring.flush?.();
    ring.flushSync?.();
    await ring.close?.();
    expect(calls).toEqual(["flush", "flushSync", "close"]);
    expect(ring.dropped).toBe(3);

    const seen: string[] = [];
    ringSink(({ message }) => void seen.push(message)).writeRecord(record("info", "x"));
    expect(seen).toEqual(["x"]);
  });
});
