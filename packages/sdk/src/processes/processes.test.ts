import { spawn as plainSpawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { LogContext } from "../logger/context.ts";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";
import { carriedContext } from "./child-environment.ts";
import { receiveRecords } from "./receive.ts";
import { fork, spawn } from "./spawn.ts";
import { startWorker } from "./worker.ts";

/** Children find the package as it was built. */
const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const TRACE = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const folder = mkdtempSync(join(tmpdir(), "polylog-processes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program of Node as a child, until all it had to say is here. */
async function run(program: string, options: Parameters<typeof spawn>[2] = {}) {
  const { polylog, records } = isolatedPolylog({ appId: "shop" });
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: ROOT,
    polylog,
    ...options,
  });
  const ended = await new Promise<string>((resolve) =>
    child.once("close", (code, signal) => resolve(String(signal ?? code))),
  );
  return { records, ended, said: records.map(({ message }) => message) };
}

describe("a child", () => {
  it("hands its records over as they are, and prints none", async () => {
    const { records } = await run(
      `import { getLogger, withContext } from "polylog";
      withContext({ invocation: "run-1" }, () => getLogger("deep::er").error("failed", new RangeError("x"), { orderId: 17 }));`,
    );
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      logger: "deep::er",
      level: "error",
      message: "failed",
      system: "node",
      metadata: { orderId: 17 },
      error: { name: "RangeError", message: "x", stack: expect.stringContaining("eval") },
      context: { invocationId: "run-1" },
      appId: "shop",
    });
  });

  it("carries on context, trace and levels of its parent", async () => {
    const { polylog, records } = isolatedPolylog({ level: "debug" });
    const child = polylog.withContext({ invocation: "run-1", tenant: "acme", trace: TRACE }, () =>
      spawn(process.execPath, ["-e", 'require("polylog").log.debug("there")'], { cwd: ROOT, polylog }),
    );
    await new Promise((resolve) => child.once("close", resolve));
    expect(records).toMatchObject([
      {
        message: "there",
        context: { invocationId: "run-1" },
        metadata: { tenant: "acme" },
        trace: TRACE,
      },
    ]);
  });

  it.each([
    ["SIGKILL", "SIGKILL"],
    ["SIGABRT", "SIGABRT"],
  ])("loses nothing by %s, in the turn in which it logged", async (signal, expected) => {
    const { said, records, ended } = await run(
      `import { log } from "polylog";
      for (let i = 0; i < 5000; i++) log.info("burst", { i });
      process.kill(process.pid, "${signal}");`,
    );
    expect(ended).toBe(expected);
    expect(said.filter((message) => message === "burst")).toHaveLength(5000);
    expect(records.at(-1)).toMatchObject({ level: "error", message: `ended by ${signal}` });
  });

  it("may print: what isn't Polylog's comes line by line, with what is indented below", async () => {
    const { records } = await run(
      `process.stdout.write("ready\\n{\\"level\\":\\"warn\\",\\"message\\":\\"slow\\",\\"ms\\":7}\\n");
      process.stderr.write("Traceback\\n  at here\\n");`,
      { logger: "tool" },
    );
    const told = records.map(({ logger, level, message, metadata }) => ({
      logger,
      level,
      message,
      metadata,
    }));
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        { logger: "tool", level: "info", message: "ready", metadata: undefined },
        { logger: "tool", level: "warn", message: "slow", metadata: { ms: 7 } },
        { logger: "tool", level: "warn", message: "Traceback\n  at here", metadata: undefined },
      ]),
    );
  });

  it("keeps its streams to itself where stdio says what they are for", async () => {
    const { records } = await run('console.log("protocol")', { stdio: "pipe" });
    expect(records).toEqual([]);
  });

  it("that is asked to end from outside has made no mistake", async () => {
    const { records } = await run('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);');
    expect(records).toMatchObject([{ level: "info", message: "ended by SIGTERM" }]);
  });

  it("is told of when it ends with a code", async () => {
    const { records } = await run("process.exit(3)");
    expect(records).toMatchObject([{ level: "error", message: "ended with code 3" }]);
  });

  it("gets no more of the environment than it is given", async () => {
    process.env.POLYLOG_TEST_SECRET = "s3cret";
    try {
      const { said } = await run("console.log(String(process.env.POLYLOG_TEST_SECRET))", {
        env: { PATH: process.env.PATH },
      });
      expect(said).toEqual(["undefined"]);
    } finally {
      delete process.env.POLYLOG_TEST_SECRET;
    }
  });

  it("hides the descriptor from what it starts itself", async () => {
    const { said } = await run(
      `import "polylog"; import { execSync } from "node:child_process";
      console.log(execSync("echo [$POLYLOG_FD]; (echo '{\\"level\\":\\"info\\",\\"message\\":\\"leak\\"}' >&3) 2>/dev/null || echo closed").toString());`,
    );
    expect(said).toEqual(["[]", "closed"]);
  });

  it("can hand on what its own child says", async () => {
    const { records } = await run(
      `import { spawn } from "polylog/processes";
      spawn(process.execPath, ["-e", 'require("polylog").getLogger("grandchild").info("far")']);`,
    );
    expect(records).toMatchObject([{ logger: "grandchild", message: "far" }]);
  });

  it("that has ended holds nobody, though whom it started keeps its pipe; all it said is there", async () => {
    const program = `
      import { spawn } from "polylog/processes";
      const script = "for i in 1 2 3 4 5 6 7 8 9; do echo $i >&3; done; sleep 60 & echo $!; exit 3";
      const child = spawn("sh", ["-c", script], { logger: "tool", stdio: ["ignore", "inherit", "inherit"] });`;
    const parent = plainSpawn(process.execPath, ["--input-type=module", "-e", program], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    let sleeper = 0;
    parent.stdout.on("data", (chunk) => {
      sleeper = Number(chunk);
    });
    parent.stderr.on("data", (chunk) => {
      printed += chunk;
    });
    try {
      // Its streams stay open: the sleeper has them too.
      const ended = new Promise((resolve) => parent.once("exit", resolve));
      await expect(Promise.race([ended, delay(15_000, "held")])).resolves.toBe(0);
      expect(printed.match(/ tool \d\n/g)).toHaveLength(9);
      expect(printed).toMatch(/ERROR .*tool ended with code 3/);
    } finally {
      parent.kill("SIGKILL");
      if (sleeper > 0) process.kill(sleeper);
    }
  }, 20_000);

  it("that can't be started raises its error, and nothing else", async () => {
    const { polylog, records } = isolatedPolylog();
    const child = spawn("polylog-no-such-program", [], { polylog });
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => child.once("error", resolve));
    expect(error.code).toBe("ENOENT");
    expect(records).toEqual([]);
  });

  it("by fork has its channel too", async () => {
    const file = join(folder, "forked.cjs");
    writeFileSync(
      file,
      `const { log } = require(${JSON.stringify(join(ROOT, "packages/sdk/dist/index.cjs"))});
      const { continueContext } = require(${JSON.stringify(join(ROOT, "packages/sdk/dist/processes/index.cjs"))});
      process.once("message", (context) => {
        continueContext(context, () => log.info("in context"));
        process.disconnect();
      });`,
    );
    const { polylog, records } = isolatedPolylog();
    const child = fork(file, [], { polylog });
    child.send(polylog.withContext({ invocation: "run-2", trace: TRACE }, () => carriedContext(polylog)));
    await new Promise((resolve) => child.once("close", resolve));
    expect(records).toMatchObject([
      { message: "in context", context: { invocationId: "run-2" }, trace: TRACE },
    ]);
  });
});

it("a shell writes records to the descriptor of a plain spawn", async () => {
  const { polylog, records } = isolatedPolylog();
  const child = plainSpawn(
    "sh",
    ["-c", `echo '{"level":"warn","message":"disk is nearly full","left":3}' >&$POLYLOG_FD; echo plain >&3`],
    { stdio: ["ignore", "inherit", "inherit", "pipe"], env: { ...process.env, POLYLOG_FD: "3" } },
  );
  await receiveRecords(child.stdio[3] as Readable, { logger: "backup", polylog });
  expect(records).toMatchObject([
    { logger: "backup", level: "warn", message: "disk is nearly full", metadata: { left: 3 } },
    { logger: "backup", level: "info", message: "plain" },
  ]);
});

describe("without a way to the parent", () => {
  const LOGS = `import { log } from "polylog"; log.info("first"); log.info("second", { order: 17 });`;

  /** What a child of Node prints to standard error that has this for its descriptor. */
  async function print(program: string, descriptor: string): Promise<string> {
    const child = plainSpawn(process.execPath, ["--input-type=module", "-e", program], {
      cwd: ROOT,
      stdio: ["pipe", "ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", POLYLOG_FD: descriptor },
    });
    child.stdio[3]!.destroy();
    child.stdin!.end();
    let printed = "";
    child.stderr!.on("data", (chunk) => {
      printed += chunk;
    });
    await new Promise((resolve) => child.once("close", resolve));
    return printed;
  }

  it("records go to standard error when the parent is gone", async () => {
    // When its standard input ends, the other end of the descriptor is closed already.
    const [told, ...lines] = (await print(`for await (const _ of process.stdin); ${LOGS}`, "3"))
      .trimEnd()
      .split("\n");
    expect(told).toMatch(/^polylog: the parent is gone, records go to stderr.*\[POLYLOG_E_SINK\]$/);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { message: "first" },
      { message: "second", metadata: { order: 17 } },
    ]);
  });

  it.each(["x", "1", "-1", "999", "1e99"])("POLYLOG_FD=%s is told and left aside", async (descriptor) => {
    const [told, ...lines] = (await print(LOGS, descriptor)).trimEnd().split("\n");
    expect(told).toMatch(/^polylog: POLYLOG_FD=.* leads to no pipe \[POLYLOG_E_CONFIG\]$/);
    expect(lines.map((line) => line.replace(/^\S+Z /, ""))).toEqual([
      "INFO  [N] root first",
      "INFO  [N] root second order=17",
    ]);
  });
});

it("what worker threads have said is out when the main thread ends by process.exit", async () => {
  const program = `
    import { startWorker } from "polylog/processes";
    const worker = startWorker(\`
      const { log, flush } = require("polylog");
      for (let i = 0; i < 500; i++) log.info("burst");
      flush().then(() => require("node:worker_threads").parentPort.postMessage("said"));
      setInterval(() => {}, 1000);
    \`, { eval: true, execArgv: [] });
    worker.once("message", () => process.exit(0));`;
  const child = plainSpawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let printed = "";
  child.stderr.on("data", (chunk) => {
    printed += chunk;
  });
  await new Promise((resolve) => child.once("close", resolve));
  expect(printed.match(/ root burst\n/g)).toHaveLength(500);
});

describe("a worker thread", () => {
  const ENTRY = JSON.stringify(join(ROOT, "packages/sdk/dist/index.cjs"));
  const start = (program: string, context: LogContext = {}) => {
    const { polylog, records } = isolatedPolylog({ appId: "shop" });
    const worker = polylog.withContext(context, () =>
      startWorker(`const { log } = require(${ENTRY}); ${program}`, {
        eval: true,
        polylog,
        workerData: { width: 640 },
      }),
    );
    return { worker, records };
  };

  it("hands its records over, in its parent's context", async () => {
    const { worker, records } = start(
      'log.info("resized", { width: require("node:worker_threads").workerData.width })',
      { invocation: "run-1", trace: TRACE },
    );
    await new Promise((resolve) => worker.once("exit", resolve));
    expect(records).toMatchObject([
      {
        message: "resized",
        metadata: { width: 640 },
        context: { invocationId: "run-1" },
        trace: TRACE,
        appId: "shop",
      },
    ]);
  });

  it.each([
    ["process.exit", "process.exit(0);"],
    ["an error that nobody catches", 'throw new Error("boom");'],
  ])("loses nothing by %s", async (_, end) => {
    const { worker, records } = start(`for (let i = 0; i < 5000; i++) log.info("burst", { i }); ${end}`);
    worker.on("error", () => {});
    await new Promise((resolve) => worker.once("exit", resolve));
    expect(records).toHaveLength(5000);
  });

  it("says at once what it has to say while it goes on", async () => {
    const { worker, records } = start('log.info("alive"); setInterval(() => {}, 1000);');
    await vi.waitFor(() => expect(records).toHaveLength(1), 10_000);
    await worker.terminate();
  });

  it("takes one listener for all of them, so that Node warns of none", async () => {
    const before = process.listenerCount("exit");
    const workers = Array.from({ length: 3 }, () => startWorker("", { eval: true }));
    expect(process.listenerCount("exit")).toBe(before + 1);
    await Promise.all(workers.map((worker) => once(worker, "exit")));
    expect(process.listenerCount("exit")).toBe(before);
  });

  it("needs data that has room for its link", () => {
    expect(() => startWorker("", { eval: true, workerData: 7 })).toThrow(
      expect.objectContaining({ code: "POLYLOG_E_CONFIG" }),
    );
  });
});
