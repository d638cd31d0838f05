import { describe, expect, it, vi } from "vitest";
import { memorySink } from "../sinks/memory.ts";
import { ringSink } from "../sinks/ring/ring-sink.ts";
import { start } from "./testing/started-polylog.ts";

describe("sinks", () => {
  it("of the nearest logger above govern", () => {
    const { polylog, memory } = start();
    const audit = memorySink();
    polylog.configure({ sinks: { memory, audit }, loggers: { audit: { sinks: ["audit"] } } });
    polylog.getLogger("audit.login").info("a");
    polylog.getLogger("other").info("o");
    expect([audit.messages(), memory.messages()]).toEqual([["a", "o"], ["o"]]);
  });

  it("that throw lose their record and no other's, are counted, and told of once", () => {
    const { polylog, told, memory } = start();
    polylog.configure({
      sinks: {
        bad: () => {
          throw new Error("no room");
        },
        memory,
      },
    });
    polylog.log.info("one");
    polylog.log.info("two");
    expect(memory.messages()).toEqual(["one", "two"]);
    expect(polylog.droppedLogCount()).toBe(2);
    expect(told).toEqual([expect.stringMatching(/sink "bad" threw.*no room \[POLYLOG_E_SINK\]/)]);
  });

  it("that log get no record of their own making", () => {
    const { polylog, memory } = start();
    polylog.configure({ sinks: { memory, loud: (record) => polylog.log.info(`again ${record.message}`) } });
    polylog.log.info("one");
    expect(memory.messages()).toEqual(["one", "again one"]);
  });

  it("are flushed and closed when others take their place", async () => {
    const { polylog, memory } = start();
    const close = vi.fn(async () => {});
    polylog.configure({ sinks: { old: { writeRecord: () => {}, close, dropped: 3 } } });
    polylog.configure({ sinks: { memory } });
    // The process goes on: there is time.
    expect(close.mock.calls).toEqual([[true]]);
    expect(polylog.droppedLogCount()).toBe(3);
    polylog.configure({ level: "debug" });
    await polylog.shutdown();
    expect(close).toHaveBeenCalledOnce();
  });

  it("are flushed at a fatal record", () => {
    const { polylog } = start();
    const flushSync = vi.fn();
    polylog.configure({ sinks: { sink: { writeRecord: () => {}, flushSync } } });
    polylog.log.error("not yet");
    expect(flushSync).not.toHaveBeenCalled();
    polylog.log.fatal("now");
    expect(flushSync).toHaveBeenCalledOnce();
  });

  it("may make lines by a function", () => {
    const { polylog, lines, sink } = start();
    polylog.configure({
      sinks: { sink: { sink, format: (record) => `${record.level}: ${record.message}` } },
    });
    polylog.log.info("hi");
    expect(lines).toEqual(["info: hi"]);
  });
});

describe("records of a sink that was replaced", () => {
  it("are waited for by flush, and brought out at the end", async () => {
    const { polylog, memory } = start();
    let finish = () => {};
    const flushSync = vi.fn();
    const old = {
      writeRecord: () => {},
      close: () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
      flush: vi.fn(async () => {}),
      flushSync,
    };
    polylog.configure({ sinks: { old } });
    polylog.configure({ sinks: { memory } });
    await polylog.flush();
    polylog.flushSync();
    expect([old.flush.mock.calls.length, flushSync.mock.calls.length]).toEqual([1, 1]);
    finish();
  });
});

describe("a sink that another one wraps for a while", () => {
  it("stays open", () => {
    const { polylog } = start();
    const close = vi.fn(async () => {});
    const file = { writeRecord: () => {}, close };
    polylog.configure({ sinks: { file } });
    polylog.configure({ sinks: { ring: ringSink(file) } });
    polylog.configure({ sinks: { file } });
    expect(close).not.toHaveBeenCalled();
    polylog.configure({ sinks: {} });
    expect(close).toHaveBeenCalledOnce();
  });
});
