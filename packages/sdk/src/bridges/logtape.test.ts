import { configure, getLogger, reset } from "@logtape/logtape";
import { afterEach, describe, expect, test } from "vitest";
import type { Level } from "../logger/level.ts";
import { polylogSink } from "./logtape.ts";
import { recording } from "./testing/recording.ts";

afterEach(reset);

async function bridged() {
  const log = recording();
  await configure({
    sinks: { polylog: polylogSink({ polylog: log.polylog }) },
    loggers: [
      { category: [], sinks: ["polylog"], lowestLevel: "trace" },
      { category: ["logtape", "meta"], lowestLevel: "fatal", parentSinks: "override" },
    ],
  });
  return log;
}

describe("LogTape writes to Polylog", () => {
  test.each<["trace" | "debug" | "info" | "warn" | "error" | "fatal", Level]>([
    ["trace", "trace"],
    ["debug", "debug"],
    ["info", "info"],
    ["warn", "warn"],
    ["error", "error"],
    ["fatal", "fatal"],
  ])("%s is %s", async (method, level) => {
    const { records } = await bridged();
    getLogger(["myapp", "billing"])[method]("card of {customer} declined", { customer: 4711, tries: [1] });
    expect(records).toEqual([
      {
        logger: "myapp.billing",
        level,
        system: "node",
        time: expect.any(Number),
        message: "card of 4711 declined",
        metadata: { customer: 4711, tries: [1] },
      },
    ]);
  });

  test.each<[string, (app: ReturnType<typeof getLogger>) => void, string]>([
    ["a plain text", (app) => app.info("paid 100%s"), "paid 100%s"],
    ["a tagged template", (app) => app.info`${"Ann"} paid ${3} of ${{ a: 1 }}`, "Ann paid 3 of { a: 1 }"],
    ["a message made late", (app) => app.info((l) => l`late ${1}`), "late 1"],
    ["fields alone", (app) => app.info({ orderId: 17 }), "{ orderId: 17 }"],
  ])("%s", async (_name, log, message) => {
    const { records } = await bridged();
    log(getLogger("a"));
    expect(records.map((record) => record.message)).toEqual([message]);
  });

  test("bindings are metadata, and an error is kept as one", async () => {
    const { records } = await bridged();
    const error = new Error("boom");
    getLogger("a").with({ customer: 4711 }).error("failed", { error, message: "theirs", timestamp: "t" });
    expect(records[0]).toMatchObject({
      message: "failed",
      error,
      metadata: { customer: 4711, message: "theirs", timestamp: "t" },
    });
    expect(records[0]!.metadata).not.toHaveProperty("error");
  });

  test("a field `error` that is none stays a field", async () => {
    const { records } = await bridged();
    getLogger("a").error("failed", { error: "timeout" });
    expect(records).toMatchObject([{ error: undefined, metadata: { error: "timeout" } }]);
  });

  test("what the level drops isn't read", () => {
    const { polylog, records } = recording();
    polylog.setLogLevel("error");
    const late = () => {
      throw new Error("was read");
    };
    const record = { category: ["a"], level: "info", timestamp: 1, message: [], properties: {} } as const;
    const lazy = Object.defineProperties(
      { ...record },
      { message: { get: late }, properties: { get: late } },
    );
    polylogSink({ polylog })(lazy);
    expect(records).toEqual([]);
  });

  test("a sink that writes to LogTape gets nothing back", async () => {
    const log = await bridged();
    log.atEachRecord(({ message }) => getLogger("b").info(message));
    getLogger("a").info("once");
    expect(log.records).toHaveLength(1);
  });
});
