import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Options } from "../config/options.ts";
import type { LogRecord } from "../logger/record.ts";
import { ringSink } from "../sinks/ring/ring-sink.ts";
import type { LineSink } from "../sinks/sink.ts";
import { remember, start } from "./testing/started-polylog.ts";

describe("a logger", () => {
  it("writes the unified line to standard error by default", () => {
    const { polylog, lines } = start();
    polylog.log.info("hi");
    expect(lines).toEqual(["1970-01-01T00:00:00.000Z INFO  [N] root hi"]);
  });

  it("is the same one for both ways to write its name", () => {
    const { polylog } = start();
    expect(polylog.getLogger("a::b")).toBe(polylog.getLogger("a.b"));
    expect(polylog.getLogger("root")).toBe(polylog.log);
  });

  it("takes message, error and fields, and what untyped code makes of them", () => {
    const { polylog, memory } = remember();
    const error = new Error("boom");
    const call = polylog.log.error as (...values: unknown[]) => void;
    const expected: [unknown[], Partial<LogRecord>][] = [
      [["m"], { message: "m", metadata: undefined, error: undefined }],
      [["m", { a: 1 }], { message: "m", metadata: { a: 1 }, error: undefined }],
      [["m", error], { message: "m", metadata: undefined, error }],
      [["m", error, { a: 1 }], { message: "m", metadata: { a: 1 }, error }],
      [["m", undefined, { a: 1 }], { message: "m", metadata: { a: 1 }, error: undefined }],
      [["m", "thrown text"], { message: "m", error: "thrown text" }],
      [["m", null], { message: "m", error: undefined, metadata: undefined }],
      [[error], { message: "boom", error }],
      [[error, { a: 1 }], { message: "boom", error, metadata: { a: 1 } }],
      [[{ a: 1 }, "m"], { message: "m", metadata: { a: 1 } }],
      [[42], { message: "42" }],
      [[undefined], { message: "undefined" }],
    ];
    for (const [values] of expected) call(...values);
    expect(memory.records).toMatchObject(expected.map(([, record]) => record));
  });

  it("writes JSON that can be read when bindings or a context hold nothing", () => {
    const { polylog, lines, sink } = start();
    polylog.configure({ format: "json", sinks: { sink } });
    polylog.log.with({}).info("m", { a: 1 });
    polylog.log.with({ x: undefined }).info("m", { a: 1 });
    polylog.withContext({ x: undefined }, () => polylog.log.info("m", { a: 1 }));
    polylog.log.with({ x: 1 }).info("m", { x: undefined });
    expect(lines.map((line) => (JSON.parse(line) as { metadata?: unknown }).metadata)).toEqual([
      { a: 1 },
      { a: 1 },
      { a: 1 },
      undefined,
    ]);
  });

  it("needs no this", () => {
    const { polylog, memory } = remember();
    const { info } = polylog.log;
    const { warn } = polylog.log.with({ a: 1 });
    info("one");
    warn("two");
    expect(memory.messages()).toEqual(["one", "two"]);
  });

  it("carries its bindings, and a call's fields win over them", () => {
    const { polylog, lines, memory, sink } = start();
    polylog.configure({ format: "json", sinks: { sink, memory } });
    polylog.log.with({ a: 1, b: 1 }).with({ b: 2, c: 2 }).info("m", { c: 3, d: 3 });
    expect(memory.records[0]?.metadata).toEqual({ a: 1, b: 2, c: 3, d: 3 });
    expect(JSON.parse(lines[0]!)).toMatchObject({ metadata: { a: 1, b: 2, c: 3, d: 3 } });
  });
});

describe("context", () => {
  it("is nested and merged, and follows asynchronous work", async () => {
    const { polylog, memory } = remember();
    await polylog.withContext({ runner: "r", requestId: 1, tenant: "a" }, async () => {
      await Promise.resolve();
      polylog.withContext({ task: "t", tenant: "b" }, () => polylog.log.info("inner"));
      polylog.log.info("outer");
    });
    polylog.log.info("none");
    expect(
      memory.records.map(({ context, metadata }) => [context?.runnerId, context?.taskId, metadata]),
    ).toEqual([
      ["r", "t", { requestId: 1, tenant: "b" }],
      ["r", undefined, { requestId: 1, tenant: "a" }],
      [undefined, undefined, undefined],
    ]);
  });

  it("gives way to bindings and the call's fields, and goes before global metadata", () => {
    const { polylog, lines, sink } = start();
    polylog.configure({
      format: "json",
      sinks: { sink },
      globalMetadata: { a: "global", b: "global", c: "global", d: "global" },
    });
    polylog.withContext({ b: "context", c: "context", d: "context" }, () => {
      polylog.log.with({ c: "bound", d: "bound" }).info("m", { d: "call" });
      polylog.log.info("m");
    });
    expect(lines.map((line) => (JSON.parse(line) as { metadata: unknown }).metadata)).toEqual([
      { a: "global", b: "context", c: "bound", d: "call" },
      { a: "global", b: "context", c: "context", d: "context" },
    ]);
  });
});

describe("global metadata", () => {
  it("may be a function, asked at each record", () => {
    const { polylog, memory } = remember();
    let user = "ann";
    polylog.configure({ globalMetadata: () => ({ user }) });
    polylog.log.info("a");
    user = "bob";
    polylog.log.info("b", { user: "call" });
    polylog.log.info("c");
    expect(memory.records.map(({ metadata }) => metadata)).toEqual([
      { user: "ann" },
      { user: "call" },
      { user: "bob" },
    ]);
  });

  it.each<[string, () => object]>([
    [
      "throws",
      () => {
        throw new Error("no user");
      },
    ],
    ["gives a promise", () => Promise.resolve({})],
    ["gives no object", () => "text" as unknown as object],
  ])("that %s is told of once, and the record goes without it", (_, globalMetadata) => {
    const { polylog, memory, told } = remember();
    polylog.configure({ globalMetadata });
    polylog.log.info("one", { a: 1 });
    polylog.log.info("two");
    expect(memory.records.map(({ metadata }) => metadata)).toEqual([{ a: 1 }, undefined]);
    expect(told).toEqual([expect.stringContaining("[POLYLOG_E_METADATA]")]);
  });
});

describe("the place of a call", () => {
  it("is told when it is asked for", () => {
    const { polylog, memory } = remember();
    polylog.configure({ sourceLocation: true });
    function pay() {
      polylog.getLogger("a").with({ b: 1 }).info("m");
    }
    pay();
    expect(memory.records[0]?.metadata).toEqual({
      b: 1,
      "code.file.path": expect.stringMatching(/create-polylog\.test\.ts$/),
      "code.line.number": expect.any(Number),
      "code.function.name": "pay",
    });
  });
});

describe("foreign records", () => {
  it("pass the level of the logger they name, and keep what they bring", () => {
    const { polylog, memory } = remember();
    polylog.getLogger("my_core").setLevel("warn");
    polylog.emit({ logger: "my_core::net", level: "info", message: "no" });
    polylog.emit({
      logger: "my_core::net",
      level: "error",
      message: "yes",
      system: "rust",
      time: 1.5,
      metadata: { a: 1 },
      context: { taskId: "t" },
    });
    expect(memory.records).toMatchObject([
      {
        logger: "my_core::net",
        level: "error",
        message: "yes",
        system: "rust",
        time: 1.5,
        metadata: { a: 1 },
        context: { taskId: "t" },
      },
    ]);
  });

  it("of native code are governed by RUST_LOG first, and others not at all", () => {
    const { polylog, memory } = remember({ environment: { RUST_LOG: "my_core=debug" } });
    for (const system of ["rust", "node"] as const) {
      for (const logger of ["my_core::net", "other"]) {
        for (const level of ["debug", "info"] as const) {
          polylog.emit({ logger, level, message: `${system} ${logger} ${level}`, system });
        }
      }
    }
    expect(memory.messages()).toEqual([
      "rust my_core::net debug",
      "rust my_core::net info",
      "rust other info",
      "node my_core::net info",
      "node other info",
    ]);
  });
});

describe("redaction, sampling and rate limits", () => {
  it("mask what sinks for records get too", () => {
    const { polylog, memory } = remember();
    polylog.configure({ redact: ["password", "a[b"] });
    polylog.log.info("m", { user: { password: "x" }, password: "y" });
    expect(memory.records[0]?.metadata).toEqual({ user: { password: "[redacted]" }, password: "[redacted]" });
  });

  it("keep records from warn on, and none below at a rate of 0", () => {
    const { polylog, memory } = remember();
    polylog.configure({ sampling: 0 });
    polylog.log.info("i");
    polylog.log.warn("w");
    expect(memory.messages()).toEqual(["w"]);
  });

  it("sum up at the end what they held back", async () => {
    const { polylog, memory } = remember();
    polylog.configure({ rateLimit: { perSecond: 2 } });
    for (let times = 0; times < 5; times++) polylog.log.info("again");
    await polylog.flush();
    expect(memory.messages()).toEqual(["again", "again", "again … 3 more like this in 1 s"]);
  });

  it("hold back fatal records too, although each is flushed, and what comes after other changes", async () => {
    const { polylog, memory } = remember();
    polylog.configure({ rateLimit: { perSecond: 1 } });
    for (let times = 0; times < 1_000; times++) {
      polylog.log.fatal("x");
      if (times % 100 === 0) polylog.setFilter("a=debug");
    }
    await polylog.flush();
    expect(memory.messages()).toEqual(["x", "x … 999 more like this in 1 s"]);
  });
});

describe("a log call never throws, and the record comes out", () => {
  const throwing = () => ({
    get bad(): string {
      throw new Error("no");
    },
    good: 1,
  });
  const oddError = (message: unknown) => Object.assign(new Error("m"), { message });
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  type Call = (polylog: ReturnType<typeof start>["polylog"]) => void;

  it.each<[string, Call, number?]>([
    ["fields with a getter that throws", ({ log }) => log.info("m", throwing())],
    ["bindings with one", ({ log }) => log.with(throwing()).info("m", { bad: 2 })],
    [
      "a context with one",
      ({ log, withContext }) => withContext(throwing(), () => log.info("m", { good: 2 })),
    ],
    ["an error without a message", ({ log }) => log.error(oddError(undefined))],
    ["an error whose message is a list", ({ log }) => log.error(oddError(["a"]))],
    [
      "a worker that is a number",
      ({ log, withContext }) => withContext({ worker: 5 as unknown as string }, () => log.info("m")),
    ],
    [
      "a runner that is null",
      ({ log, withContext }) =>
        withContext({ runner: null as unknown as string, worker: "w" }, () => log.info("m")),
    ],
    ["a toJSON that gives nothing", ({ log }) => log.info("m", { toJSON() {} })],
    ["a proxy that was revoked", ({ log }) => log.info("m", revoked())],
    ["a message that is none", ({ emit }) => emit({ level: "info", message: { a: 1 } as unknown as string })],
  ])("for %s", (_, call) => {
    for (const format of ["text", "json", "logfmt", "pretty"] as const) {
      const { polylog, lines, memory, sink } = start();
      polylog.configure({ format, sinks: { sink, memory } });
      expect(() => call(polylog)).not.toThrow();
      expect([lines.length, memory.records.length, polylog.droppedLogCount()]).toEqual([1, 1, 0]);
    }
  });

  it("for a sink for lines that throws, or that logs", () => {
    const { polylog, memory } = start();
    const broken: LineSink = {
      writeLine() {
        polylog.log.info("again");
        throw new Error("no room");
      },
    };
    polylog.configure({ sinks: { broken, memory } });
    expect(() => polylog.log.info("one")).not.toThrow();
    expect(memory.messages()).toEqual(["again", "one"]);
    expect(polylog.droppedLogCount()).toBe(1);
  });
});

describe("what a record logs by being read", () => {
  it("comes after it, to all sinks", () => {
    const { polylog, lines, memory, sink } = start();
    polylog.configure({ sinks: { sink, memory }, format: "logfmt" });
    const order = {
      toJSON() {
        polylog.log.info("toJSON", { seen: true });
        return "order";
      },
    };
    polylog.log.info("outer", { order });
    polylog.log.info("next");
    const messages = ["outer", "toJSON", "next"];
    expect(lines.map((line) => /msg=(\w+)/.exec(line)?.[1])).toEqual(messages);
    expect(memory.messages()).toEqual(messages);
    expect(polylog.droppedLogCount()).toBe(0);
  });

  it("has an end, and what is left out is counted and told", () => {
    const { polylog, lines, sink, told } = start();
    polylog.configure({ sinks: { sink } });
    const account = {
      toJSON() {
        polylog.log.info("read", { account });
        return 1;
      },
    };
    polylog.log.info("outer", { account });
    polylog.log.info("next");
    expect(lines.map((line) => line.split(" ")[5])).toEqual(["outer", "read", "next"]);
    expect(polylog.droppedLogCount()).toBe(1);
    expect(told).toEqual([expect.stringMatching(/a record of root .* is lost: .*being read/)]);
  });

  it("is kept within bounds, and what is beyond is counted", () => {
    const { polylog, lines, sink } = start();
    polylog.configure({ sinks: { sink } });
    const flood = {
      toJSON() {
        for (let i = 0; i < 1_500; i++) polylog.log.info("drop");
      },
    };
    polylog.log.info("outer", { flood });
    expect(lines).toHaveLength(1_001);
    expect(polylog.droppedLogCount()).toBe(500);
  });
});

describe("a sink that is asynchronous", () => {
  const failing = async ({ message }: LogRecord) => {
    await null;
    if (message !== "good") throw new Error(`no ${message}`);
  };
  const failingLines: LineSink = {
    async writeLine(line) {
      await null;
      if (!line.includes("good")) throw new Error("no line");
    },
  };

  it.each<[string, Options]>([
    ["as a function", { sinks: { failing } }],
    ["for records", { sinks: { failing: { writeRecord: failing } } }],
    ["for lines", { sinks: { failing: failingLines } }],
    ["for lines of another's format", { sinks: { failing: failingLines }, format: ({ message }) => message }],
    ["within a ring", { sinks: { failing: ringSink(failing) } }],
  ])("%s: what it rejects is counted and told once, and waited for", async (_name, options) => {
    const { polylog, told } = start();
    polylog.configure(options);
    for (const message of ["bad", "good", "worse"]) polylog.log.info(message);
    await polylog.flush();
    expect(polylog.droppedLogCount()).toBe(2);
    expect(told).toEqual([
      expect.stringMatching(/the sink "failing" threw at a record.*no [\s\S]*POLYLOG_E_SINK/),
    ]);
  });

  it("is counted when it was replaced meanwhile", async () => {
    const { polylog, memory } = start();
    polylog.configure({ sinks: { failing } });
    polylog.log.info("bad");
    polylog.configure({ sinks: { failing: memory } });
    await polylog.flush();
    expect(polylog.droppedLogCount()).toBe(1);
  });

  it("is waited for", async () => {
    const { polylog } = start();
    const written: string[] = [];
    polylog.configure({
      sinks: {
        async slow({ message }) {
          await setTimeout(20);
          written.push(message);
        },
      },
    });
    polylog.log.info("one");
    await polylog.flush();
    expect(written).toEqual(["one"]);
  });
});

describe("redaction of errors", () => {
  it("masks what sinks for records are handed, and keeps them errors", () => {
    const { polylog, memory } = remember();
    polylog.configure({ redact: ["password"] });
    polylog.log.error(Object.assign(new TypeError("boom"), { password: "SECRET", code: 7 }));
    const error = memory.records[0]?.error as TypeError & { password: string; code: number };
    expect(error).toBeInstanceOf(TypeError);
    expect([error.message, error.password, error.code, error.stack]).toEqual([
      "boom",
      "[redacted]",
      7,
      expect.stringContaining("boom"),
    ]);
  });
});

describe("mistakes in the configuration", () => {
  it("are told once each, with the remedy, and the rest holds", () => {
    const { polylog, told } = start({ environment: { POLYLOG_LEVEL: "loud", POLYLOG_FORMAT: "xml" } });
    polylog.configure({ level: "deafening" as "info", loggers: { a: { sinks: ["nowhere"] } } });
    polylog.configure({ level: "deafening" as "info" });
    expect(told).toEqual([
      expect.stringContaining("POLYLOG_LEVEL=loud was left out: expected trace, debug"),
      expect.stringContaining("POLYLOG_FORMAT=xml was left out: expected text, json, logfmt, pretty"),
      expect.stringContaining('there is no sink "nowhere"; there are stream'),
      expect.stringContaining('"deafening" is no level'),
    ]);
    expect(polylog.isEnabled("b", "info")).toBe(true);
  });
});

describe("a configuration that can't be", () => {
  it.each<[string, object, string]>([
    ["a sink that is none", { sinks: { a: undefined } }, "sinks.a: undefined was left out"],
    ["redaction that is no list", { redact: "password" }, 'redact: "password" was left out'],
    ["a logger that is none", { loggers: { a: undefined } }, "loggers.a: undefined was left out"],
    ["an option that isn't there", { durability: "record" }, "durability: there is no such option"],
  ])("by %s is told, and what holds goes on", (_name, changes, message) => {
    const { polylog, memory, told } = remember();
    polylog.configure(changes as Options);
    polylog.configure({ level: "debug" });
    polylog.log.debug("on");
    expect(memory.messages()).toEqual(["on"]);
    expect(told).toEqual([expect.stringContaining(message)]);
  });

  it("by a sink that throws as it is taken changes nothing, now or later", () => {
    const { polylog, memory } = remember();
    const broken = {
      inner: memory,
      through: () => {
        throw new Error("no");
      },
      writeRecord() {},
    };
    expect(() => polylog.configure({ level: "debug", sinks: { broken } })).toThrow("no");
    expect(polylog.isEnabled("a", "debug")).toBe(false);
    polylog.configure({ appId: "shop" });
    polylog.log.info("on");
    expect(memory.records).toMatchObject([{ message: "on", appId: "shop" }]);
  });
});

describe("the description", () => {
  it("says of a sink that is shut that it is", () => {
    const { polylog, memory } = start();
    polylog.configure({ sinks: { memory: { sink: memory, level: "off" } } });
    expect(polylog.describe().sinks).toMatchObject([{ name: "memory", level: "off" }]);
  });

  it("says of each logger which level holds and why", () => {
    const { polylog } = start({ environment: { POLYLOG_FILTER: "db=debug" } });
    polylog.getLogger("db.pool");
    polylog.getLogger("web").setLevel("error");
    const { loggers } = polylog.describe();
    expect(loggers.map(({ name, level, origin, from }) => [name, level, origin, from])).toEqual([
      ["db.pool", "debug", "parent", "db=debug"],
      ["root", "info", "default", undefined],
      ["web", "error", "code", undefined],
    ]);
    expect(String(polylog.describe())).toContain("db.pool  debug  parent db=debug  stream");
  });
});
