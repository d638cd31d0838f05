import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import winston from "winston";
import type { Level } from "../../logger/level.ts";
import { recording } from "../testing/recording.ts";
import { polylogTransport, type WinstonTransportOptions } from "./index.ts";

function bridged(own: winston.LoggerOptions = {}, options: WinstonTransportOptions = {}) {
  const { polylog, ...rest } = recording();
  const transport = polylogTransport({ polylog, ...options });
  const app = winston.createLogger({ level: "silly", transports: [transport], ...own });
  return { app, transport, polylog, ...rest };
}

describe("winston writes to Polylog", () => {
  test("message and fields, and nothing else", () => {
    const { app, records } = bridged({}, { logger: "myapp.billing" });
    app.info("paid", { orderId: 17 });
    expect(records).toEqual([
      {
        logger: "myapp.billing",
        level: "info",
        system: "node",
        time: expect.any(Number),
        message: "paid",
        metadata: { orderId: 17 },
      },
    ]);
  });

  test.each<[string, Record<string, number>, Record<string, Level>]>([
    [
      "npm",
      winston.config.npm.levels,
      {
        error: "error",
        warn: "warn",
        info: "info",
        http: "debug",
        verbose: "debug",
        debug: "debug",
        silly: "trace",
      },
    ],
    [
      "syslog",
      winston.config.syslog.levels,
      {
        emerg: "fatal",
        alert: "fatal",
        crit: "fatal",
        error: "error",
        warning: "warn",
        notice: "info",
        info: "info",
        debug: "debug",
      },
    ],
    [
      "cli",
      winston.config.cli.levels,
      {
        error: "error",
        warn: "warn",
        help: "info",
        data: "info",
        prompt: "debug",
        input: "trace",
        silly: "trace",
      },
    ],
    [
      "own",
      { fatal: 0, loud: 1, error: 2, warn: 3, quiet: 4 },
      { fatal: "fatal", loud: "error", quiet: "warn" },
    ],
    ["unknown", { a: 0, b: 1 }, { a: "info", b: "info" }],
  ])("levels of the set %s", (_name, levels, expected) => {
    const level = Object.keys(levels).at(-1)!;
    const { app, records } = bridged({ levels, level });
    for (const name of Object.keys(expected)) app.log(name, name);
    expect(Object.fromEntries(records.map((record) => [record.message, record.level]))).toEqual(expected);
  });

  test("levels that the application gives come first", () => {
    const { app, records } = bridged(
      { levels: { audit: 0, info: 1 }, level: "info" },
      { levels: { audit: "fatal" } },
    );
    app.log("audit", "x");
    expect(records).toMatchObject([{ level: "fatal" }]);
  });

  test("colours in the level's name don't matter", () => {
    const { app, records } = bridged({ format: winston.format.colorize() });
    app.warn("x");
    expect(records).toMatchObject([{ level: "warn", metadata: undefined }]);
  });

  test("winston's level holds, and the transport's own before it", () => {
    const { app, records } = bridged({ level: "info" });
    app.debug("dropped");
    const chatty = bridged({ level: "info" }, { level: "warn" });
    chatty.app.info("dropped too");
    chatty.app.warn("kept");
    expect(records).toEqual([]);
    expect(chatty.records.map(({ message }) => message)).toEqual(["kept"]);
  });

  test("text is put together by format.splat", () => {
    const { app, records } = bridged({ format: winston.format.splat() });
    app.info("paid %d of %s", 3, "Ann", { orderId: 17 });
    expect(records).toMatchObject([{ message: "paid 3 of Ann", metadata: { orderId: 17 } }]);
  });

  const boom = () => Object.assign(new TypeError("boom", { cause: new Error("deep") }), { code: "E_BOOM" });

  test.each<[string, (app: winston.Logger, error: Error) => void, string]>([
    ["alone", (app, error) => app.error(error), "boom"],
    ["behind a message", (app, error) => app.error("failed", error), "failed"],
    ["as a field", (app, error) => app.error("failed", { error }), "failed"],
    ["by log", (app, error) => app.log("error", error as unknown as string), "boom"],
    [
      "as the message",
      (app, error) => app.log({ level: "error", message: error as unknown as string }),
      "boom",
    ],
  ])("an error %s is the very same", (_name, log, message) => {
    const { app, records } = bridged();
    const error = boom();
    log(app, error);
    expect(records).toMatchObject([{ level: "error", message }]);
    expect(records[0]!.error).toBe(error);
    expect(records[0]!.metadata ?? {}).not.toHaveProperty("stack");
  });

  test.each<[string, winston.LoggerOptions, (app: winston.Logger) => winston.Logger]>([
    ["a child logger", {}, (app) => app.child({})],
    ["format.errors", { format: winston.format.errors({ stack: true, cause: true }) }, (app) => app],
  ])("an error that %s took apart is put together", (_name, own, loggerOf) => {
    const { app, records } = bridged(own);
    loggerOf(app).error(boom());
    const [record] = records;
    expect(record!.error).toBeInstanceOf(Error);
    expect(record!.error).toMatchObject({ name: "TypeError", message: "boom", cause: { message: "deep" } });
    expect((record!.error as Error).stack).toContain("winston.test.ts");
    expect(record).toMatchObject({ message: "boom", metadata: { code: "E_BOOM" } });
  });

  test("a child's fields and the default ones are metadata, by which a logger can be named", () => {
    const { app, records } = bridged(
      { defaultMeta: { service: "shop" } },
      { logger: (info) => `app.${info.module}` },
    );
    app.child({ module: "db" }).info("read", { rows: 3 });
    expect(records).toMatchObject([
      { logger: "app.db", metadata: { service: "shop", module: "db", rows: 3 } },
    ]);
  });

  test("fields called like a record's own stay metadata", () => {
    const { app, records } = bridged({ format: winston.format.timestamp() });
    app.info("hello", { timestamp: "theirs", logger: "l", time: 1 });
    expect(records[0]).toMatchObject({ message: "hello", metadata: { logger: "l", time: 1 } });
    expect(Math.abs(records[0]!.time - Date.now())).toBeLessThan(2_000);
    expect(records[0]!.metadata).toHaveProperty("timestamp");
  });

  test("an object for a message is told as text", () => {
    const { app, records } = bridged();
    app.info({ orderId: 17 });
    expect(records.map(({ message }) => message)).toEqual(["{ orderId: 17 }"]);
  });

  test("an uncaught exception is fatal, and only taken when asked for", () => {
    const { transport, records } = bridged();
    const error = boom();
    const info = {
      level: "error",
      message: `uncaughtException: boom\n${error.stack}`,
      error,
      stack: error.stack,
      exception: true,
      date: "now",
      os: {},
    };
    transport.write(info);
    transport.handleExceptions = true;
    transport.write(info);
    expect(records).toMatchObject([
      { level: "fatal", message: "uncaughtException: boom", metadata: { os: {} } },
    ]);
    expect(Object.keys(records[0]!.metadata!)).toEqual(["os"]);
  });

  test("silent is silent", () => {
    const { app, records } = bridged({}, { silent: true });
    app.error("x");
    expect(records).toEqual([]);
  });

  test("what the level drops isn't read", () => {
    const { transport, records, polylog } = bridged();
    polylog.setLogLevel("error");
    transport.write({
      level: "info",
      get message() {
        throw new Error("was read");
      },
    });
    expect(records).toEqual([]);
  });

  test.each<[string, winston.LoggerOptions]>([
    ["", {}],
    [", through formats that copy", { format: winston.format.errors({ stack: true }) }],
  ])("a sink that writes to winston gets nothing back, but winston's others do%s", (_name, own) => {
    const { app, records, atEachRecord } = bridged(own);
    const others: unknown[] = [];
    app.add(new winston.transports.Stream({ stream: new Writable({ write: (_c, _e, done) => done() }) }));
    app.on("data", ({ message }) => others.push(message));
    atEachRecord(({ message, error }) => {
      if (records.length < 10) app.child({}).error(error instanceof Error ? error : `${message} again`);
    });
    app.info("once");
    app.error(new Error("boom"));
    expect(records.map(({ message }) => message)).toEqual(["once", "boom"]);
    expect(others).toEqual(["once", "once again", "boom", "boom"]);
  });

  test("an error that a sink gave to winston can be logged again", () => {
    const { app, records, atEachRecord } = bridged();
    atEachRecord(({ error }) => records.length < 10 && app.error(error as Error));
    const error = boom();
    app.error(error);
    app.error(error);
    expect(records).toHaveLength(2);
  });

  test("winston is as it was when the transport is removed", () => {
    const { app, transport } = bridged();
    expect(Object.hasOwn(app, "write")).toBe(true);
    app.remove(transport);
    expect(Object.hasOwn(app, "write")).toBe(false);
  });

  test("ending winston waits for what was logged", async () => {
    const { app, transport, records } = bridged();
    for (let count = 0; count < 1_000; count++) app.info(String(count));
    const finished = new Promise((resolve) => transport.once("finish", resolve));
    app.end();
    await finished;
    expect(records).toHaveLength(1_000);
  });
});
