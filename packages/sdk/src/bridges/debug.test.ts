import debug from "debug";
import { afterEach, describe, expect, test } from "vitest";
import { bridgeDebug } from "./debug.ts";
import { recording } from "./testing/recording.ts";

const undos: (() => void)[] = [];
afterEach(() => {
  for (const undo of undos.splice(0)) undo();
  debug.disable();
});

function bridged() {
  const log = recording();
  const undo = bridgeDebug(debug, { polylog: log.polylog });
  undos.push(undo);
  debug.enable("app:*");
  return { ...log, log, undo };
}

describe("debug is bridged", () => {
  test("a namespace is a logger, at level debug", () => {
    const { records } = bridged();
    debug("app:db")("connected in %d ms", 12, { host: "a" });
    expect(records).toEqual([
      {
        logger: "app.db",
        level: "debug",
        system: "node",
        time: expect.any(Number),
        message: "connected in 12 ms",
        error: undefined,
        metadata: { host: "a" },
      },
    ]);
  });

  test.each<[string, unknown[], string]>([
    ["%o on one line", ["got %o", { a: 1, b: { c: [1, 2] } }], "got { a: 1, b: { c: [ 1, 2 ] } }"],
    ["%O", ["got %O", { a: 1 }], "got { a: 1 }"],
    ["a value that is no text", [{ a: 1 }], "{ a: 1 }"],
    ["a percent sign", ["100%% of %s", "it"], "100% of it"],
  ])("%s is formatted as debug does, without colours", (_name, args, message) => {
    const { records } = bridged();
    const app = debug("app:x");
    Object.assign(app, { useColors: true });
    app(...(args as [unknown]));
    expect(records.map((record) => record.message)).toEqual([message]);
  });

  test("an error stays one, alone and by a directive", () => {
    const { records } = bridged();
    const boom = new Error("boom 100%s");
    const app = debug("app:x");
    app(boom);
    app("failed: %O", boom);
    app("fine");
    expect(records.map(({ message }) => message)).toEqual([
      "boom 100%s",
      "failed: Error: boom 100%s",
      "fine",
    ]);
    expect(records.map(({ error }) => error)).toEqual([boom, boom, undefined]);
  });

  test("DEBUG still says who speaks", () => {
    const { records } = bridged();
    debug("other:x")("silent");
    expect(records).toEqual([]);
  });

  test("a namespace with a log of its own keeps it, date and name included", () => {
    const { records } = bridged();
    const lines: unknown[] = [];
    const app = debug("app:own");
    app.log = (...args) => lines.push(args[0]);
    app("hello");
    expect(records).toEqual([]);
    expect(lines).toEqual([expect.stringMatching(/^\d{4}-.* app:own hello$/)]);
  });

  test("what the level drops isn't inspected", () => {
    const { records, polylog } = bridged();
    polylog.setLogLevel("info");
    const spy = {
      [Symbol.for("nodejs.util.inspect.custom")]() {
        throw new Error("was inspected");
      },
    };
    debug("app:x")("got %o and %O", spy, spy);
    expect(records).toEqual([]);
  });

  test("what a sink says by debug is printed, and doesn't come back", () => {
    const { log, records } = bridged();
    const lines: unknown[] = [];
    log.atEachRecord(() => {
      const inner = debug("app:sink");
      inner("written");
    });
    const write = process.stderr.write;
    process.stderr.write = ((line: string) => lines.push(line)) as unknown as typeof write;
    try {
      debug("app:x")("once");
    } finally {
      process.stderr.write = write;
    }
    expect(records).toHaveLength(1);
    expect(lines).toEqual([expect.stringMatching(/app:sink written\n$/)]);
  });

  test("undo lets debug print again", () => {
    const { records, undo } = bridged();
    undo();
    const lines: unknown[] = [];
    const log = debug.log;
    debug.log = (...args: unknown[]) => lines.push(args[0]);
    debug("app:x")("printed");
    debug.log = log;
    expect(records).toEqual([]);
    expect(lines).toEqual([expect.stringContaining("app:x printed")]);
  });
});
