import { spawn } from "node:child_process";
import { beforeAll, describe, expect, it, type TestContext } from "vitest";
import { type BuiltAddon, buildAddon } from "./native-addon.ts";
import { ROOT } from "./server-process.ts";

/** What native code logs, of an addon that is built with the crate and loaded into Node as people do. */

let addon: BuiltAddon;
beforeAll(() => {
  addon = buildAddon("polylog-bench");
}, 280_000);

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** Lines of JSON. */
  readonly records: readonly Record<string, unknown>[];
  readonly messages: readonly unknown[];
  readonly stdout: string;
}

/** Runs a program in which `load()` loads the addon; records come as JSON. */
async function run(
  context: TestContext,
  program: string,
  environment: Record<string, string> = {},
): Promise<Outcome> {
  if (addon.reason !== undefined) {
    console.warn(addon.reason);
    context.skip(addon.reason);
  }
  const code = `import { createRequire } from "node:module";
    const require = createRequire(${JSON.stringify(`${ROOT}/test/`)});
    const load = () => require(${JSON.stringify(addon.path)});
    ${program}`;
  const { RUST_LOG: _, ...env } = process.env;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: ROOT,
    env: { ...env, NO_COLOR: "1", POLYLOG_FORMAT: "json", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 30_000,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once("close", (...outcome) => resolve(outcome));
  });
  const records = stderr
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    code: exitCode,
    signal,
    stdout,
    stderr,
    records,
    messages: records.map(({ message }) => message),
  };
}

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

describe("several addons in one process", () => {
  /** Copies are loaded as libraries of their own, which share nothing. */
  const copies = `const { copyFileSync, mkdtempSync, rmSync } = require("node:fs");
    const { join } = require("node:path");
    const folder = mkdtempSync(join(require("node:os").tmpdir(), "polylog-addons-"));
    process.once("exit", () => rmSync(folder, { recursive: true }));
    const paths = ["one", "two", "three"].map((name) => join(folder, name + ".node"));
    for (const path of paths) copyFileSync(PATH, path);`;
  const withPath = (program: string) => `const PATH = ${JSON.stringify(addon?.path)}; ${program}`;

  it("have their own records, contexts and levels of one logger", async (context) => {
    const { records } = await run(
      context,
      withPath(`${copies}
      const before = require(paths[0]);
      before.logByName("info", "a", "zero before");
      const { setLogLevel, withContext } = await import("polylog");
      const addons = [before, require(paths[1]), require(paths[2])];
      const log = (level, what) => addons.forEach((addon, at) => addon.logByName(level, "a", at + " " + what));
      log("debug", "not yet");
      setLogLevel("debug");
      log("debug", "debug");
      addons.forEach((addon, at) => withContext({ invocation: "run-" + at }, () => addon.logInContext()));`),
    );
    const within = records.filter(({ logger }) => logger === "context");
    expect(records.filter(({ logger }) => logger === "a").map(({ message }) => message)).toEqual([
      "zero before",
      "0 debug",
      "1 debug",
      "2 debug",
    ]);
    expect(within.map(({ message, invocation_id }) => `${message} ${invocation_id}`)).toEqual(
      [0, 1, 2].flatMap((at) => [`here run-${at}`, `there run-${at}`, "outside undefined"]),
    );
  });

  it("and worker threads lose nothing that isn't counted, all at once", async (context) => {
    const flood = `const addons = paths.map((path) => require(path));
      let seen = 0;
      const { configure, droppedLogCount, flush } = require("polylog");
      configure({ sinks: { count: () => { seen++; } } });
      const own = () => addons.forEach((addon, at) => { for (let i = 0; i < 500; i++) addon.logByName("info", "a" + at, "own"); });`;
    const inWorker = `const paths = require("node:worker_threads").workerData;
      ${flood}
      own();
      flush().then(() => require("node:worker_threads").parentPort.postMessage({ seen, dropped: droppedLogCount() }));`;
    const { stdout, stderr, code } = await run(
      context,
      withPath(`${copies}
      ${flood}
      const { once } = require("node:events");
      const { Worker } = require("node:worker_threads");
      const floods = addons.map((addon) => addon.flood(1, 100_000));
      const workers = [1, 2].map(() => new Worker(${JSON.stringify(inWorker)}, { eval: true, execArgv: [], workerData: paths }));
      own();
      const told = await Promise.all(workers.map((worker) => once(worker, "message")));
      await Promise.all(floods);
      await flush();
      await Promise.all(workers.map((worker) => worker.terminate()));
      console.log(JSON.stringify({ main: seen + droppedLogCount(), workers: told.map(([one]) => one) }));`),
    );
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      main: 3 * 100_500,
      workers: Array.from({ length: 2 }, () => ({ seen: 1_500, dropped: 0 })),
    });
  });
});

describe("worker threads", () => {
  const worker = (program: string) =>
    `new Worker(${JSON.stringify(program)}, { eval: true, execArgv: [], env: { ...process.env } })`;

  it("have their own records, and native threads those of the main thread", async (context) => {
    const inWorker = `const { configure } = require("polylog");
      configure({ appId: "worker" });
      const addon = require(process.env.ADDON);
      addon.logByName("info", "a", "of the worker");
      addon.logOnThread("t", "of a thread");`;
    const { records } = await run(
      context,
      `import { once } from "node:events";
      import { Worker } from "node:worker_threads";
      import { configure } from "polylog";
      configure({ appId: "main" });
      const addon = load();
      process.env.ADDON = ${JSON.stringify(addon?.path)};
      for (let i = 0; i < 3; i++) await once(${worker(inWorker)}, "exit");
      addon.logByName("info", "a", "of main");`,
    );
    const seen = records.map(({ app_id, message }) => `${message} by ${app_id}`);
    const each = ["of the worker by worker", "of a thread by main"];
    expect(seen.sort()).toEqual([...each, ...each, ...each, "of main by main"].sort());
  });

  it("leave native levels to the thread that reads what native threads log, and bring theirs when they take over", async (context) => {
    const inWorker = `const { setLogLevel } = require("polylog");
      setLogLevel(process.env.LEVEL);
      require(process.env.ADDON);
      require("node:worker_threads").parentPort.on("message", () => process.exit()).postMessage("ready");`;
    const { messages } = await run(
      context,
      `import { once } from "node:events";
      import { Worker } from "node:worker_threads";
      import { setLogLevel } from "polylog";
      process.env.ADDON = ${JSON.stringify(addon?.path)};
      process.env.LEVEL = "warn"; const first = ${worker(inWorker)}; await once(first, "message");
      setLogLevel("debug");
      const addon = load();
      addon.logByName("debug", "a", "main takes over");
      process.env.LEVEL = "error"; const second = ${worker(inWorker)}; await once(second, "message");
      addon.logByName("debug", "a", "another comes");
      for (const each of [first, second]) { each.postMessage(""); await once(each, "exit"); }
      addon.logByName("debug", "a", "all have gone");`,
    );
    expect(messages).toEqual(["main takes over", "another comes", "all have gone"]);
  });

  it("take over what native threads log when the one ends that did", async (context) => {
    const inWorker = `const { configure } = require("polylog");
      configure({ appId: process.env.NAME });
      const addon = require(process.env.ADDON);
      const { parentPort } = require("node:worker_threads");
      addon.logOnThread("t", "first");
      parentPort.postMessage("ready");
      parentPort.once("message", () => { addon.logOnThread("t", "second"); process.exit(); });`;
    const { records } = await run(
      context,
      `import { once } from "node:events";
      import { Worker } from "node:worker_threads";
      process.env.ADDON = ${JSON.stringify(addon?.path)};
      process.env.NAME = "one"; const one = ${worker(inWorker)}; await once(one, "message");
      process.env.NAME = "two"; const two = ${worker(inWorker)}; await once(two, "message");
      await one.terminate();
      two.postMessage(""); await once(two, "exit");`,
    );
    expect(records.at(-1)).toMatchObject({ message: "second", app_id: "two" });
  });
});
