import { describe, expect, it } from "vitest";
import { nativePrograms } from "./native-program.ts";

/** Native records where there are several addons, and several threads that run JavaScript. */

const native = nativePrograms();
const { run } = native;

describe("several addons in one process", () => {
  /** Copies are loaded as libraries of their own, which share nothing. */
  const copies = `const { copyFileSync, mkdtempSync, rmSync } = require("node:fs");
    const { join } = require("node:path");
    const folder = mkdtempSync(join(require("node:os").tmpdir(), "polylog-addons-"));
    process.once("exit", () => rmSync(folder, { recursive: true }));
    const paths = ["one", "two", "three"].map((name) => join(folder, name + ".node"));
    for (const path of paths) copyFileSync(PATH, path);`;
  const withPath = (program: string) => `const PATH = ${JSON.stringify(native.path)}; ${program}`;

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
      process.env.ADDON = ${JSON.stringify(native.path)};
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
      process.env.ADDON = ${JSON.stringify(native.path)};
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
      process.env.ADDON = ${JSON.stringify(native.path)};
      process.env.NAME = "one"; const one = ${worker(inWorker)}; await once(one, "message");
      process.env.NAME = "two"; const two = ${worker(inWorker)}; await once(two, "message");
      await one.terminate();
      two.postMessage(""); await once(two, "exit");`,
    );
    expect(records.at(-1)).toMatchObject({ message: "second", app_id: "two" });
  });

  it.for([
    ["native threads have logged", "", "addon.flood(1, 5_000);"],
    [
      "they have logged themselves",
      "load();",
      'for (let i = 0; i < 5_000; i++) addon.logByName("info", "a", "own");',
    ],
  ] as const)(
    "that are ended in the middle of a batch leave none uncounted of what %s",
    async ([, before, log], context) => {
      // It stops for good with the hundredth record in hand, of more than one batch.
      const inWorker = `const { parentPort, workerData } = require("node:worker_threads");
      const { configure } = require("polylog");
      const seen = new Int32Array(workerData);
      const stop = () => { parentPort.postMessage("stopped"); Atomics.wait(seen, 1, 0); };
      configure({ sinks: { count: () => { if (seen[0] === 99) stop(); Atomics.add(seen, 0, 1); } } });
      const addon = require(process.env.ADDON);
      ${log}`;
      const { stdout, stderr } = await run(
        context,
        `import { once } from "node:events";
      import { Worker } from "node:worker_threads";
      import { configure, flush } from "polylog";
      process.env.ADDON = ${JSON.stringify(native.path)};
      const shared = new SharedArrayBuffer(8);
      ${before}
      const worker = new Worker(${JSON.stringify(inWorker)}, { eval: true, execArgv: [], env: { ...process.env }, workerData: shared });
      await once(worker, "message");
      await worker.terminate();
      let delivered = 0;
      configure({ sinks: { count: () => { delivered++; } } });
      const { sent, dropped } = load()[Symbol.for("polylog.v1.addon")];
      await flush();
      console.log(JSON.stringify({ before: new Int32Array(shared)[0], delivered, sent: sent(), dropped: dropped() }));`,
      );
      const counts = JSON.parse(stdout || stderr);
      expect(counts).toMatchObject({ before: 99, sent: 5_000 });
      expect(counts.before + counts.delivered + counts.dropped).toBe(5_000);
      expect(counts.dropped).toBeGreaterThan(0);
    },
  );
});
