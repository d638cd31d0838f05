import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { bridgeUncaught, bridgeWarnings } from "./process.ts";
import { recording } from "./testing/recording.ts";

describe("warnings of the process", () => {
  test("are logged with kind, code and detail", () => {
    const { polylog, records } = recording();
    const events = new EventEmitter();
    bridgeWarnings({ polylog, process: events });
    const warning = Object.assign(new Error("old"), {
      name: "DeprecationWarning",
      code: "DEP1",
      detail: "use new",
    });
    events.emit("warning", warning);
    events.emit("warning", new Error("bare"));
    expect(records).toMatchObject([
      {
        logger: "node.warning",
        level: "warn",
        message: "old",
        error: warning,
        metadata: { type: "DeprecationWarning", code: "DEP1", detail: "use new" },
      },
      { message: "bare", metadata: { type: "Error" } },
    ]);
  });

  test("are printed by Node again after undo, and other listeners stay all along", () => {
    const { polylog, records } = recording();
    const events = new EventEmitter();
    const heard: string[] = [];
    function onWarning() {
      heard.push("node");
    }
    events.on("warning", onWarning);
    events.on("warning", () => heard.push("other"));
    const undo = bridgeWarnings({ polylog, process: events });
    events.emit("warning", new Error("a"));
    expect(heard).toEqual(["other"]);
    undo();
    undo();
    events.emit("warning", new Error("b"));
    expect(heard).toEqual(["other", "other", "node"]);
    expect(records.map(({ message }) => message)).toEqual(["a"]);
  });

  test("of the very process are logged", async () => {
    const { polylog, records } = recording();
    const undo = bridgeWarnings({ polylog });
    process.emitWarning("disk is nearly full", { type: "DiskWarning", code: "MYAPP_DISK" });
    await expect.poll(() => records.length).toBe(1);
    undo();
    expect(records).toMatchObject([{ metadata: { type: "DiskWarning", code: "MYAPP_DISK" } }]);
  });
});

describe("what nobody caught", () => {
  test.each([
    ["uncaughtException", new Error("boom"), "uncaught exception: boom"],
    ["unhandledRejection", new Error("boom"), "unhandled rejection: boom"],
    ["uncaughtException", "a text", "uncaught exception: a text"],
    ["uncaughtException", undefined, "uncaught exception: undefined"],
    ["uncaughtException", Object.create(null), "uncaught exception: unknown error"],
  ])("is fatal: %s of %s", (origin, thrown, message) => {
    const { polylog, records } = recording();
    const events = new EventEmitter();
    const undo = bridgeUncaught({ polylog, process: events });
    events.emit("uncaughtExceptionMonitor", thrown, origin);
    undo();
    events.emit("uncaughtExceptionMonitor", thrown, origin);
    expect(records).toMatchObject([
      { logger: "node.uncaught", level: "fatal", message, metadata: { origin } },
    ]);
    expect(records[0]!.error).toBe(thrown);
  });

  test("is flushed at once", () => {
    const { polylog } = recording();
    let flushed = 0;
    const events = new EventEmitter();
    polylog.configure({ sinks: { counting: { writeRecord() {}, flushSync: () => void flushed++ } } });
    bridgeUncaught({ polylog, process: events });
    events.emit("uncaughtExceptionMonitor", new Error("boom"), "uncaughtException");
    expect(flushed).toBe(1);
  });
});
