import { describe, expect, it } from "vitest";
import { nativePrograms } from "./native-program.ts";

/** What native code logs, of an addon that is built with the crate and loaded into Node as people do. */

const { run } = nativePrograms();

describe("an addon is found by itself", () => {
  it.for([
    [
      "before the SDK",
      'const addon = load(); addon.logByName("info", "a::b", "one"); await import("polylog");',
    ],
    ["after it", 'await import("polylog"); load().logByName("info", "a::b", "one");'],
    ["before its CommonJS twin", 'load().logByName("info", "a::b", "one"); require("polylog");'],
    ["after its CommonJS twin", 'require("polylog"); load().logByName("info", "a::b", "one");'],
    ["by polylog/native alone", 'load().logByName("info", "a::b", "one"); await import("polylog/native");'],
    [
      "by both twins, once",
      `await import("polylog"); require("polylog"); require("polylog/native");
      load().logByName("info", "a::b", "one"); await import("polylog/native");`,
    ],
    [
      "by connectNative, once",
      `const addon = load(); addon.logByName("info", "a::b", "one");
      const { connectNative } = await import("polylog/native"); connectNative(addon); connectNative(addon);`,
    ],
  ] as const)("%s", async ([, program], context) => {
    const { records, code, stderr } = await run(context, program);
    expect(records, stderr).toMatchObject([
      { system: "rust", logger: "a::b", severity: "INFO", message: "one" },
    ]);
    expect(code).toBe(0);
  });

  it("and what isn't one is refused", async (context) => {
    const { stdout } = await run(
      context,
      `import { connectNative } from "polylog/native";
      try { connectNative({}); } catch (error) { console.log(error.code); }`,
    );
    expect(stdout).toBe("POLYLOG_E_NATIVE\n");
  });
});

describe("a record has", () => {
  it("the fields of log, with their types", async (context) => {
    const { records } = await run(context, 'import "polylog"; load().logFields();');
    expect(records).toMatchObject([
      {
        severity: "WARNING",
        logger: "my_core::cluster",
        message: "fields of log",
        metadata: {
          text: "grün",
          whole: -7,
          real: 0.25,
          is_open: true,
          big: "18446744073709551615",
          huge: "170141183460469231731687303715884105727",
          debug: "[1, 2]",
        },
      },
    ]);
  });

  it("the fields of tracing, its spans with theirs, and an error with its causes", async (context) => {
    const { records } = await run(context, 'import "polylog"; load().traceFields();');
    expect(records).toMatchObject([
      {
        severity: "ERROR",
        message: "fields of tracing",
        metadata: {
          text: "grün",
          whole: -7,
          real: 0.25,
          is_open: true,
          big: "18446744073709551615",
          debug: "Some(1)",
          spans: [
            { name: "request", fields: { id: 17, user: "ada" } },
            { name: "connect", fields: { node: 3 } },
          ],
        },
        exception: { message: "connect failed", cause: { message: "refused" } },
      },
    ]);
  });

  it("module, file, line and thread when source locations are wanted", async (context) => {
    const { records } = await run(
      context,
      'import { configure } from "polylog"; configure({ sourceLocation: true }); load().logOnThread("worker-1", "x");',
    );
    expect(records[0]?.metadata).toEqual({
      "code.namespace": "polylog_bench",
      "code.file.path": "bench/native/src/lib.rs",
      "code.line.number": expect.any(Number),
      "thread.id": expect.any(Number),
      "thread.name": "worker-1",
    });
  });

  it("fields of any name", async (context) => {
    const { records } = await run(context, 'import "polylog"; load().logOddNames();');
    const [odd, long] = records.map(({ metadata }) => JSON.stringify(metadata));
    expect(odd).toBe('{"__proto__":1,"spans":2}');
    expect(long).toBe(`{"${"k".repeat(100)}":1}`);
  });

  it("its own fields, from a place that logs often as well", async (context) => {
    const { records } = await run(context, 'import "polylog"; load().timeEnabled(300);');
    const expected = Array.from({ length: 300 }, (_, at) => ({
      message: "record of a flood",
      metadata: { at },
    }));
    expect(records.map(({ message, metadata }) => ({ message, metadata }))).toEqual(expected);
  });

  it("its logger, even where there are more names than are kept", async (context) => {
    const { stdout } = await run(
      context,
      `import { configure } from "polylog";
      let right = 0;
      configure({ sinks: { count: ({ logger, message }) => { if (logger === "many::" + message) right++; } } });
      load().logManyTargets(5_000);
      process.on("exit", () => console.log(right));`,
    );
    expect(stdout).toBe("5000\n");
  });

  it("the same text line whether native code writes it or the format does", async (context) => {
    const { stdout } = await run(
      context,
      `import { configure, flush } from "polylog";
      const addon = load();
      const linesWith = async (sinks) => {
        const lines = [];
        configure({ format: "text", sinks: { lines: { writeLine: (line) => lines.push(line) }, ...sinks } });
        addon.logPlainFields();
        await flush();
        return lines.map((line) => line.slice(line.indexOf(" ")));
      };
      console.log(JSON.stringify([await linesWith({}), await linesWith({ records: () => {} })]));`,
    );
    const [native, format] = JSON.parse(stdout) as string[][];
    expect(native).toHaveLength(9);
    expect(native).toEqual(format);
    expect(native?.[7]).toBe(" INFO  [R] plain after a field first=field\n");
  });

  it("the context and the trace of the call that it came of, on any thread", async (context) => {
    const { records } = await run(
      context,
      `import { withContext } from "polylog";
      const addon = load();
      const trace = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
      withContext({ invocation: "run-1", tenant: "t", trace }, () => addon.logInContext());`,
    );
    const inside = {
      invocation_id: "run-1",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      metadata: { tenant: "t" },
    };
    expect(records).toMatchObject([
      { message: "here", ...inside },
      { message: "there", ...inside },
      { message: "outside" },
    ]);
    expect(records[2]).not.toHaveProperty("invocation_id");
  });
});

describe("levels of native code follow", () => {
  const three = `for (const level of ["debug", "info", "warn"]) addon.logByName(level, "my_core::cluster", level);`;

  it.for<[string, string, Record<string, string>, string[]]>([
    ["setLogLevel", `polylog.setLogLevel("warn"); ${three}`, {}, ["warn"]],
    [
      "setLogLevel up and down",
      `polylog.setLogLevel("off"); ${three} polylog.setLogLevel("debug"); ${three}`,
      {},
      ["debug", "info", "warn"],
    ],
    [
      "a logger of its name",
      `polylog.getLogger("my_core::cluster").setLevel("debug"); ${three}`,
      {},
      ["debug", "info", "warn"],
    ],
    ["a logger above it", `polylog.getLogger("my_core").setLevel("off"); ${three}`, {}, []],
    [
      "configure",
      `polylog.configure({ loggers: { "my_core.cluster": { level: "warn" } } }); ${three}`,
      {},
      ["warn"],
    ],
    [
      "the level of all sinks",
      `polylog.configure({ sinks: { err: { sink: polylog.streamSink("stderr"), level: "warn" } } }); ${three}`,
      {},
      ["warn"],
    ],
    ["POLYLOG_FILTER", three, { POLYLOG_FILTER: "my_core=debug" }, ["debug", "info", "warn"]],
    ["RUST_LOG", three, { RUST_LOG: "my_core=debug" }, ["debug", "info", "warn"]],
    [
      "RUST_LOG before POLYLOG_FILTER",
      three,
      { RUST_LOG: "warn", POLYLOG_FILTER: "my_core=debug" },
      ["warn"],
    ],
    ["nothing but the default", three, {}, ["info", "warn"]],
  ])("%s", async ([, program, environment, expected], context) => {
    const code = `import * as polylog from "polylog"; const addon = load(); ${program}`;
    const { messages } = await run(context, code, environment);
    expect(messages).toEqual(expected);
  });

  it("when it is logged, not when it is read", async (context) => {
    const code = `import { setLogLevel } from "polylog"; const addon = load(); ${three} setLogLevel("off"); ${three}`;
    const { messages } = await run(context, code);
    expect(messages).toEqual(["info", "warn"]);
  });

  it("what was said before the addon was there, for what it has logged before", async (context) => {
    const code = `const addon = load(); ${three} const { setLogLevel } = await import("polylog"); setLogLevel("warn");`;
    const { messages } = await run(context, code, { POLYLOG_LEVEL: "warn", RUST_LOG: "" });
    expect(messages).toEqual(["warn"]);
  });

  it("a directive that holds within a span with a field", async (context) => {
    const { records } = await run(
      context,
      `import { setFilter } from "polylog"; const addon = load();
      addon.traceInSpan(3);
      setFilter("info,my_core[connect{node=3}]=debug");
      addon.traceInSpan(3); addon.traceInSpan(4);
      setFilter("info,my_core=debug");
      addon.traceInSpan(5);`,
    );
    const nodes = records.map(({ metadata }) => (metadata as { node: number }).node);
    expect(nodes).toEqual([3, 5]);
  });
});

describe("nothing is lost, and nothing kept alive", () => {
  it.for([
    ["a natural end", "", 0, null],
    ["process.exit", "process.exit(3);", 3, null],
    ["an error that nobody catches", 'throw new Error("boom");', 1, null],
    ["SIGTERM", 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);', null, "SIGTERM"],
  ] as const)("by %s", async ([, end, code, signal], context) => {
    const program = `import "polylog"; const addon = load();
      for (let i = 0; i < 2000; i++) addon.logByName("info", "burst", String(i)); ${end}`;
    const outcome = await run(context, program);
    expect(outcome.messages).toEqual(Array.from({ length: 2000 }, (_, i) => String(i)));
    expect(outcome).toMatchObject({ code, signal });
  });

  it("while a thread logs flat out: what was sent was delivered, or is counted", async (context) => {
    const { stdout } = await run(
      context,
      `import { configure, droppedLogCount, flush } from "polylog";
      let delivered = 0;
      configure({ sinks: { count: () => { delivered++; } } });
      const addon = load();
      const flood = addon.flood(2, 300_000);
      // Nobody reads until there is no more room.
      for (const limit = Date.now() + 20_000; droppedLogCount() === 0 && Date.now() < limit; );
      await flood;
      await flush();
      console.log(JSON.stringify({ delivered, dropped: droppedLogCount() }));`,
    );
    const { delivered, dropped } = JSON.parse(stdout);
    expect(delivered + dropped).toBe(600_000);
    expect(delivered).toBeGreaterThan(0);
    expect(dropped).toBeGreaterThan(0);
  });
});

describe("a panic is a fatal record with its backtrace", () => {
  it("on a thread of its own", async (context) => {
    const { records, stderr } = await run(
      context,
      `import { configure, streamSink } from "polylog";
      const alive = setTimeout(() => {}, 20_000);
      configure({ sinks: { stderr: streamSink("stderr"), end: () => clearTimeout(alive) } });
      load().panicOnThread("boom");`,
    );
    expect(records).toMatchObject([
      {
        severity: "CRITICAL",
        logger: "rust.panic",
        message: "thread 'doomed' panicked: boom",
        exception: {
          name: "panic",
          message: "boom",
          stack: expect.stringMatching(/lib\.rs[\s\S]*panic_on_thread/),
        },
      },
    ]);
    expect(stderr).not.toContain("note: run with");
  });

  it.for([
    ["the thread of JavaScript", "true", ""],
    ["another thread", "false", "setInterval(() => {}, 1000);"],
  ] as const)("that ends the process, on %s", async ([, isHere, after], context) => {
    const outcome = await run(
      context,
      `import "polylog"; const addon = load();
      addon.logByName("info", "before", "before"); addon.panicAndAbort(${isHere}); ${after}`,
    );
    expect(outcome.messages.slice(0, 2)).toEqual(["before", expect.stringMatching(/panicked: through C$/)]);
    expect(outcome.signal).toBe("SIGABRT");
  });

  it("is printed as ever where no SDK is", async (context) => {
    const { stderr } = await run(context, 'load().panicOnThread("alone"); setTimeout(() => {}, 3_000);');
    expect(stderr).toMatch(/thread 'doomed'[\s\S]*panicked at[\s\S]*alone/);
  });
});
