import { Console } from "node:console";
import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { bridgeConsole } from "./console.ts";
import { recording } from "./testing/recording.ts";

/** A console that prints into a text. */
function printing() {
  let printed = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      printed += String(chunk);
      done();
    },
  });
  return { console: new Console(stream), printed: () => printed };
}

function bridged() {
  const { console, printed } = printing();
  const log = recording();
  const undo = bridgeConsole({ polylog: log.polylog, console });
  return { console, printed, log, undo };
}

describe("the console is bridged", () => {
  test.each(["log", "info", "debug", "warn", "error"] as const)("%s is logged and not printed", (method) => {
    const { console, printed, log } = bridged();
    console[method]("paid %d", 3, { orderId: 17 });
    expect(log.records).toEqual([
      {
        logger: "console",
        level: method === "log" ? "info" : method,
        system: "node",
        message: "paid 3",
        time: expect.any(Number),
        error: undefined,
        metadata: { orderId: 17 },
      },
    ]);
    expect(printed()).toBe("");
  });

  test("an error stays an error", () => {
    const { console, log } = bridged();
    const boom = new Error("boom");
    console.error("failed", boom);
    expect(log.records[0]).toMatchObject({ level: "error", message: "failed", error: boom });
  });

  test("trace carries the frames of its caller", () => {
    const { console, log } = bridged();
    console.trace("here", { a: 1 });
    const [record] = log.records;
    expect(record).toMatchObject({ level: "trace", message: "here", metadata: { a: 1 } });
    expect(String(record?.metadata?.stack).split("\n")[0]).toMatch(/^at .*console\.test\.ts/);
  });

  test("assert logs an error only when it fails", () => {
    const { console, log } = bridged();
    console.assert(true, "never");
    console.assert(false);
    console.assert(0, "%s is off", "it");
    expect(log.records).toMatchObject([
      { level: "error", message: "Assertion failed" },
      { level: "error", message: "Assertion failed: it is off" },
    ]);
  });

  test("dir inspects with its options", () => {
    const { console, log } = bridged();
    console.dir({ a: { b: { c: 1 } } }, { depth: 0 });
    expect(log.records).toMatchObject([{ level: "info", message: "{ a: [Object] }" }]);
  });

  test("table, count, timeEnd and group come out through log", () => {
    const { console, log, printed } = bridged();
    console.table([{ a: 1 }]);
    console.count("hits");
    console.time("t");
    console.timeEnd("t");
    console.group("outer");
    const messages = log.records.map(({ message }) => message);
    expect(messages).toHaveLength(4);
    // The columns are aligned otherwise by older Node.js.
    expect(messages[0]).toMatch(/│ +0 +│ +1 +│/);
    expect(messages[1]).toBe("hits: 1");
    expect(messages[2]).toMatch(/^t: /);
    expect(messages[3]).toBe("outer");
    expect(printed()).toBe("");
  });

  test("what the level drops isn't even formatted", () => {
    const { console, log } = bridged();
    log.polylog.setLogLevel("warn");
    let isRead = false;
    const spy = {
      get secret() {
        isRead = true;
        return 1;
      },
      [Symbol.for("nodejs.util.inspect.custom")]() {
        isRead = true;
        return "";
      },
    };
    console.info("%o", spy);
    console.dir(spy);
    console.table([spy]);
    console.trace(spy);
    expect(isRead).toBe(false);
    expect(log.records).toEqual([]);
  });

  test("a sink that writes to the console prints, and gets nothing back", () => {
    const { console, printed, log } = bridged();
    log.atEachRecord(({ message }) => console.log(`sink: ${message}`));
    console.log("once");
    expect(log.records).toHaveLength(1);
    expect(printed()).toBe("sink: once\n");
  });

  test("undo gives the methods back, twice as well as once", () => {
    const { console, printed, log, undo } = bridged();
    undo();
    undo();
    console.log("again");
    expect(log.records).toEqual([]);
    expect(printed()).toBe("again\n");
  });

  test("undo leaves what others put over it, and lets them print", () => {
    const { console, printed, undo } = bridged();
    const ours = console.log;
    console.log = (...args: unknown[]) => ours("theirs:", ...args);
    undo();
    console.log("x");
    expect(printed()).toBe("theirs: x\n");
  });

  test("the global console is bridged without being named", () => {
    const log = recording();
    const undo = bridgeConsole({ polylog: log.polylog, logger: "app.console" });
    console.warn("global");
    undo();
    expect(log.records).toMatchObject([{ logger: "app.console", level: "warn", message: "global" }]);
  });
});
