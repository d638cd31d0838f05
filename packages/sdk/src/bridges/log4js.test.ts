import log4js from "log4js";
import { afterEach, describe, expect, test } from "vitest";
import { configure } from "./log4js.ts";
import { recording } from "./testing/recording.ts";

afterEach(() => new Promise<void>((done) => log4js.shutdown(() => done())));

function bridged(levels?: log4js.Levels) {
  const log = recording();
  log4js.configure({
    appenders: { polylog: { type: { configure }, polylog: log.polylog } as unknown as log4js.Appender },
    categories: { default: { appenders: ["polylog"], level: "all" } },
    disableClustering: true,
    ...(levels && { levels }),
  } as log4js.Configuration);
  return log;
}

describe("log4js appends to Polylog", () => {
  test.each(["trace", "debug", "info", "warn", "error", "fatal"] as const)("%s keeps its level", (level) => {
    const { records } = bridged();
    log4js.getLogger("myapp.billing")[level]("paid %d", 3, { orderId: 17 });
    expect(records).toEqual([
      {
        logger: "myapp.billing",
        level,
        system: "node",
        message: "paid 3",
        time: expect.any(Number),
        error: undefined,
        metadata: { orderId: 17 },
      },
    ]);
  });

  test("mark is information, and levels of one's own mean the one below", () => {
    const { records } = bridged({ NOTICE: { value: 25_000, colour: "green" } } as unknown as log4js.Levels);
    const app = log4js.getLogger("a");
    app.mark("m");
    app.log("notice", "n");
    expect(records).toMatchObject([
      { level: "info", message: "m" },
      { level: "info", message: "n" },
    ]);
  });

  test("the default category is the root", () => {
    const { records } = bridged();
    log4js.getLogger().info("x");
    expect(records).toMatchObject([{ logger: "root" }]);
  });

  test("an error stays one", () => {
    const { records } = bridged();
    const boom = new Error("boom");
    log4js.getLogger("a").error("failed", boom, { orderId: 17 });
    log4js.getLogger("a").error(boom);
    expect(records).toMatchObject([{ message: "failed", metadata: { orderId: 17 } }, { message: "boom" }]);
    for (const { error } of records) expect(error).toBe(boom);
  });

  test("the context is metadata, and a call's own fields win", () => {
    const { records } = bridged();
    const app = log4js.getLogger("a");
    app.addContext("customer", 4711);
    app.addContext("message", "theirs");
    app.info("paid", { customer: 1 });
    expect(records).toMatchObject([{ message: "paid", metadata: { customer: 1, message: "theirs" } }]);
  });

  test("what the level drops isn't formatted", () => {
    const { records, polylog } = bridged();
    polylog.setLogLevel("error");
    const spy = {
      toString: () => {
        throw new Error("was formatted");
      },
    };
    log4js.getLogger("a").info("%s", spy);
    expect(records).toEqual([]);
  });

  test("a sink that writes to log4js gets nothing back", () => {
    const log = bridged();
    log.atEachRecord(({ message }) => log4js.getLogger("b").info(message));
    log4js.getLogger("a").info("once");
    expect(log.records).toHaveLength(1);
  });
});
