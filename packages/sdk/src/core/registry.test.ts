import { describe, expect, it } from "vitest";
import { LOG_LEVEL_DEBUG, LOG_LEVEL_OFF } from "../logger/level.ts";
import { memorySink } from "../sinks/memory.ts";
import { remember, start } from "./testing/started-polylog.ts";

describe("levels", () => {
  it("of a parent govern its children until they have their own", () => {
    const { polylog } = start();
    const [parent, child] = [polylog.getLogger("my_core"), polylog.getLogger("my_core::cluster")];
    parent.setLevel("debug");
    expect([parent, child].map((log) => log.isEnabled("debug"))).toEqual([true, true]);
    child.setLevel("error");
    expect([parent, child].map((log) => log.isEnabled("warn"))).toEqual([true, false]);
    child.setLevel(undefined);
    expect(child.isEnabled("debug")).toBe(true);
    expect(polylog.getLogger("my_core_other").isEnabled("debug")).toBe(false);
  });

  it("change at once for loggers with bindings that were made before", () => {
    const { polylog, memory } = remember();
    const bound = polylog.getLogger("a").with({ x: 1 });
    bound.debug("before");
    polylog.setLogLevel(LOG_LEVEL_DEBUG);
    bound.debug("after");
    polylog.setLogLevel(LOG_LEVEL_OFF);
    bound.fatal("off");
    expect(memory.messages()).toEqual(["after"]);
  });

  it("come from code over environment over default, and the more exact over all", () => {
    const { polylog } = start({ environment: { POLYLOG_LEVEL: "warn", POLYLOG_FILTER: "db.pool=trace" } });
    const levels = () =>
      ["root", "db", "db.pool.idle"].map((name) =>
        ["trace", "info", "warn"].find((level) => polylog.isEnabled(name, level as "info")),
      );
    expect(levels()).toEqual(["warn", "warn", "trace"]);
    polylog.configure({ level: "info" });
    expect(levels()).toEqual(["info", "info", "trace"]);
    polylog.configure({ loggers: { "db.pool": { level: "warn" } } });
    expect(levels()).toEqual(["info", "info", "warn"]);
    polylog.configure({ level: undefined, loggers: undefined });
    expect(levels()).toEqual(["warn", "warn", "trace"]);
  });

  it("are those said last, where the same loggers are spoken of", () => {
    const { polylog } = start();
    const enabled = () => [polylog.isEnabled("root", "warn"), polylog.isEnabled("a", "debug")];
    polylog.setLogLevel("error");
    expect(enabled()).toEqual([false, false]);
    polylog.setFilter("warn,a=debug");
    expect(enabled()).toEqual([true, true]);
    polylog.getLogger("a").setLevel("error");
    expect(enabled()).toEqual([true, false]);
    polylog.configure({ level: "info", filter: "error" });
    expect(enabled()).toEqual([false, false]);
    polylog.configure({ loggers: { a: { level: "trace" } } });
    expect(enabled()).toEqual([false, true]);
  });

  it("are raised by the signal, and put back by the next", () => {
    let signal = () => {};
    const { polylog } = start({
      onDebugSignal: (onSignal) => {
        signal = onSignal;
      },
    });
    const seen = [polylog.isEnabled("a", "debug")];
    for (let times = 0; times < 2; times++) {
      signal();
      seen.push(polylog.isEnabled("a", "debug"));
    }
    expect(seen).toEqual([false, true, false]);
  });

  it("follow the filter's file", () => {
    let change: (text: string) => void = () => {};
    const { polylog, told } = start({
      environment: { POLYLOG_FILTER_FILE: "/filter" },
      watchFile: (_, onChange) => {
        change = onChange;
        return () => {};
      },
    });
    change("warn\na.b=debug\n");
    expect([polylog.isEnabled("a", "info"), polylog.isEnabled("a.b", "debug")]).toEqual([false, true]);
    change("a=loud");
    expect(polylog.isEnabled("a", "info")).toBe(true);
    expect(told).toEqual([expect.stringContaining('"a=loud" (at 1) was left out')]);
  });

  it("of a sink hold back what it isn't to get, and cost nothing when no sink wants them", () => {
    const { polylog, memory } = start();
    const all = memorySink();
    polylog.configure({
      level: "trace",
      sinks: { memory: { sink: memory, level: "error" }, all: { sink: all, level: "info" } },
    });
    polylog.log.info("i");
    polylog.log.error("e");
    expect([memory.messages(), all.messages()]).toEqual([["e"], ["i", "e"]]);
    expect(polylog.isEnabled("root", "debug")).toBe(false);
  });
});

describe("many loggers", () => {
  it("take their levels without looking at each other", () => {
    const { polylog } = start();
    const loggers = Array.from({ length: 2_000 }, (_, index) => polylog.getLogger(`n${index}`));
    for (const logger of loggers) logger.setLevel("debug");
    expect(loggers.every((logger) => logger.isEnabled("debug"))).toBe(true);
    expect(polylog.isEnabled("other", "debug")).toBe(false);
  });
});
