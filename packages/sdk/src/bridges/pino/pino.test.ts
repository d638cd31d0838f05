import { hostname } from "node:os";
import { multistream, pino, stdSerializers, stdTimeFunctions } from "pino";
import { describe, expect, test } from "vitest";
import { recording } from "../testing/recording.ts";
import { readHead } from "./head.ts";
import { polylogDestination } from "./index.ts";

const log = () => {
  const { polylog, records, ...rest } = recording();
  return { destination: polylogDestination({ polylog }), polylog, records, ...rest };
};

describe("pino writes to Polylog", () => {
  test.each(["trace", "debug", "info", "warn", "error", "fatal"] as const)("%s keeps its level", (level) => {
    const { destination, records } = log();
    const before = Date.now();
    pino({ name: "myapp.billing", level: "trace" }, destination)[level]({ orderId: 17 }, "paid %d", 3);
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
    expect(records[0]!.time).toBeGreaterThanOrEqual(before);
    expect(records[0]!.time).toBeLessThanOrEqual(Date.now());
  });

  test("an error is an error again", () => {
    const { destination, records } = log();
    const boom = Object.assign(new TypeError("boom", { cause: new Error("deep") }), { code: "E_BOOM" });
    const app = pino(destination);
    app.error(boom);
    app.error({ err: boom, orderId: 17 }, "failed");
    expect(records.map(({ message, metadata }) => [message, metadata])).toEqual([
      ["boom", undefined],
      ["failed", { orderId: 17 }],
    ]);
    for (const { error } of records) {
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ name: "TypeError", message: "boom: deep", code: "E_BOOM" });
      expect((error as Error).stack).toContain("pino.test.ts");
      expect(Object.keys(error as Error)).toEqual(["code"]);
    }
  });

  test("causes and the errors of an AggregateError are kept", () => {
    const { destination, records } = log();
    const serializers = { err: stdSerializers.errWithCause };
    const both = new AggregateError([new Error("a"), new RangeError("b")], "both", {
      cause: new Error("deep"),
    });
    pino({ serializers }, destination).error(both);
    expect(records[0]!.error).toMatchObject({
      name: "AggregateError",
      cause: { name: "Error", message: "deep" },
      errors: [{ message: "a" }, { name: "RangeError", message: "b" }],
    });
  });

  test("a field `err` that is no error stays a field", () => {
    const { destination, records } = log();
    pino(destination).warn({ err: "timeout" }, "slow");
    expect(records).toMatchObject([{ error: undefined, metadata: { err: "timeout" } }]);
  });

  test("bindings of children are metadata, and their name is the logger", () => {
    const { destination, records } = log();
    const app = pino({ name: "myapp" }, destination);
    app.child({ customer: 4711 }).info({ orderId: 17 }, "paid");
    app.child({ name: "myapp.db" }).info("connected");
    expect(records).toMatchObject([
      { logger: "myapp", metadata: { customer: 4711, orderId: 17 } },
      { logger: "myapp.db", metadata: undefined },
    ]);
  });

  test("fields of a call replace neither level, time, logger nor process", () => {
    const { destination, records } = log();
    const theirs = {
      level: "boss",
      time: "noon",
      name: "Bob",
      pid: 1,
      hostname: "h",
      message: "m",
      timestamp: "t",
    };
    pino({ name: "myapp" }, destination).warn(theirs, "hired");
    expect(records).toEqual([
      {
        logger: "myapp",
        level: "warn",
        system: "node",
        message: "hired",
        time: expect.any(Number),
        error: undefined,
        metadata: theirs,
      },
    ]);
  });

  test("the name of a call's field is no logger when pino has none", () => {
    const { destination, records } = log();
    pino(destination).info({ name: "Bob" }, "hired");
    expect(records).toMatchObject([{ logger: "root", metadata: { name: "Bob" } }]);
  });

  test("a field __proto__ is a field", () => {
    const { destination, records } = log();
    pino(destination).info(JSON.parse('{"__proto__":{"isAdmin":true}}'), "x");
    const { metadata } = records[0]!;
    expect(Object.keys(metadata!)).toEqual(["__proto__"]);
    expect((metadata as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test("own keys, labels, levels and times are understood", () => {
    const { polylog, records } = recording();
    const keys = { messageKey: "text", errorKey: "problem" };
    const destination = polylogDestination({
      polylog,
      ...keys,
      levels: { 35: "warn", loud: "error" },
      logger: "app",
    });
    const timestamp = stdTimeFunctions.unixTime;
    const app = pino(
      { ...keys, base: { service: "shop" }, timestamp, customLevels: { audit: 35, odd: 45 } },
      destination,
    );
    app.audit({ problem: new Error("boom") }, "seen");
    app.odd("between");
    expect(records).toMatchObject([
      {
        logger: "app",
        level: "warn",
        message: "seen",
        error: { message: "boom" },
        metadata: { service: "shop" },
      },
      { level: "warn", message: "between" },
    ]);
    expect(Math.abs(records[0]!.time! - Date.now())).toBeLessThan(2_000);
  });

  test.each([
    ["ISO time", stdTimeFunctions.isoTime],
    ["ISO time in nanoseconds", stdTimeFunctions.isoTimeNano],
    ["milliseconds", stdTimeFunctions.epochTime],
  ])("%s is read", (_name, timestamp) => {
    const { destination, records } = log();
    pino({ timestamp }, destination).info("x");
    expect(Math.abs(records[0]!.time! - Date.now())).toBeLessThan(2_000);
    expect(records[0]!.metadata).toBeUndefined();
  });

  test("without time it is now, and a label is a level", () => {
    const { destination, records } = log();
    const formatters = { level: (label: string) => ({ severity: label.toUpperCase() }) };
    pino({ timestamp: false, formatters }, destination).warn("x");
    expect(records).toMatchObject([{ level: "warn", time: expect.any(Number), metadata: undefined }]);
  });

  test("pino's redaction has been applied", () => {
    const { destination, records } = log();
    pino({ redact: ["password"] }, destination).info({ password: "s3cret" }, "login");
    expect(records).toMatchObject([{ metadata: { password: "[Redacted]" } }]);
  });

  test("a multistream leads here too", () => {
    const { destination, records } = log();
    pino({ name: "myapp" }, multistream([{ level: "warn", stream: destination }])).warn("x");
    expect(records).toMatchObject([{ logger: "myapp", level: "warn" }]);
  });

  test("a line that no pino wrote is a message", () => {
    const { destination, records } = log();
    for (const line of ["plain text\n", "[1,2]\n", '{"level":30,"msg":\n', "\n"]) destination.write(line);
    expect(records).toMatchObject([
      { level: "info", message: "plain text" },
      { message: "[1,2]" },
      { message: '{"level":30,"msg":' },
      { message: "" },
    ]);
  });

  test("what the level drops isn't parsed", () => {
    const { destination, records, polylog } = log();
    polylog.setLogLevel("error");
    const parse = JSON.parse;
    let parsed = 0;
    JSON.parse = (...args) => {
      parsed++;
      return parse(...args);
    };
    try {
      destination.write(`{"level":30,"time":1,"pid":1,"hostname":"${hostname()}","msg":"x"}\n`);
    } finally {
      JSON.parse = parse;
    }
    expect([parsed, records]).toEqual([0, []]);
  });

  test("a sink that writes to the same pino gets nothing back", () => {
    const { polylog, records, atEachRecord } = recording();
    const app = pino(polylogDestination({ polylog }));
    atEachRecord(({ message }) => app.info(message));
    app.info("once");
    expect(records).toHaveLength(1);
  });

  test("flush answers when Polylog has", async () => {
    const { destination } = log();
    const app = pino(destination);
    await expect(new Promise((resolve) => app.flush(resolve))).resolves.toBeUndefined();
  });
});

describe("the head of a line", () => {
  test.each([
    ['{"level":30,"time":17,"pid":1,"hostname":"h","name":"app","msg":""}', ["level", 30, 17, "app"]],
    ['{"level":30,"time":17,"msg":""}', ["level", 30, 17, undefined]],
    ['{"severity":"INFO","name":"app"}', ["severity", "INFO", undefined, "app"]],
    [
      '{"level":30,"time":"2026-01-01T00:00:00Z","a":1,"name":"no"}',
      ["level", 30, "2026-01-01T00:00:00Z", undefined],
    ],
    ['{"level":30,"name":"a\\"b"}', ["level", 30, undefined, undefined]],
  ])("%s", (line, [levelKey, level, time, name]) => {
    expect(readHead(line)).toEqual({ levelKey, level, time, name });
  });

  test.each(["", "{", "[]", '{"level":null}', '{"level":{}}'])("%s has none", (line) => {
    expect(readHead(line)).toBeUndefined();
  });
});
