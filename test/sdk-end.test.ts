import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

/** How processes that log with the SDK end, and how they are governed from outside. */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BURST = 2_000;
/** A graceful stop, as most write it. */
const ONCE_CODE = `process.once("SIGTERM", () => setTimeout(() => { log.info("burst", { i: "drained" }); process.exit(6); }, 50));`;
const BURST_CODE = `import { log } from "polylog"; for (let i = 0; i < ${BURST}; i++) log.info("burst", { i });`;

const children: ChildProcess[] = [];
const directories: string[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  /** What it wrote to standard error so far. */
  text(): string;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

function run(code: string, environment: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let text = "";
  child.stderr!.on("data", (chunk) => {
    text += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  return { child, text: () => text, ended };
}

const linesOf = (text: string) => text.split("\n").filter((line) => line.includes(" burst "));

describe("nothing of a burst is lost, and the process ends as it would have, by", () => {
  it.each<[string, string, { code: number | null; signal: string | null }, further?: number]>([
    ["its natural end", "", { code: 0, signal: null }],
    ["process.exit", "process.exit(3);", { code: 3, signal: null }],
    ["an exit code", "process.exitCode = 4;", { code: 4, signal: null }],
    ["an error that nobody catches", 'throw new Error("boom");', { code: 1, signal: null }],
    ["a rejection that nobody handles", 'Promise.reject(new Error("boom"));', { code: 1, signal: null }],
    [
      "SIGTERM",
      'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);',
      { code: null, signal: "SIGTERM" },
    ],
    [
      "SIGINT",
      'process.kill(process.pid, "SIGINT"); setInterval(() => {}, 1000);',
      { code: null, signal: "SIGINT" },
    ],
    [
      "SIGHUP",
      'process.kill(process.pid, "SIGHUP"); setInterval(() => {}, 1000);',
      { code: null, signal: "SIGHUP" },
    ],
    [
      "a signal that the application handles",
      'process.on("SIGTERM", () => { log.info("burst", { i: "last" }); process.exit(5); }); process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);',
      { code: 5, signal: null },
      1,
    ],
    [
      "a signal that the application handles once, with a listener from before the first record",
      'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);',
      { code: 6, signal: null },
      1,
    ],
    [
      "a signal, beside a library that raises it again when it is alone",
      'const again = () => { if (process.listenerCount("SIGTERM") === 1) { process.removeListener("SIGTERM", again); process.kill(process.pid, "SIGTERM"); } }; process.on("SIGTERM", again); process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);',
      { code: null, signal: "SIGTERM" },
    ],
    [
      "its natural end, and a listener of the exit that logs",
      'process.on("exit", () => log.info("burst", { i: "last" }));',
      { code: 0, signal: null },
      1,
    ],
    [
      "process.exit, and a listener of the exit that logs",
      'process.on("exit", () => log.info("burst", { i: "last" })); process.exit(3);',
      { code: 3, signal: null },
      1,
    ],
  ])("%s", async (name, ending, expected, further = 0) => {
    const before = name.includes("from before") ? ONCE_CODE : "";
    const { text, ended } = run(BURST_CODE.replace("for (", `${before} for (`) + ending);
    expect(await ended).toEqual(expected);
    expect(linesOf(text())).toHaveLength(BURST + further);
  });

  it("SIGKILL, when each record is written before the call returns", async () => {
    const code = `import { configure, log, streamSink } from "polylog";
      configure({ sinks: { stream: streamSink("stderr", { durability: "record" }) } });
      for (let i = 0; i < ${BURST}; i++) log.info("burst", { i });
      process.kill(process.pid, "SIGKILL");`;
    const { text, ended } = run(code);
    expect(await ended).toEqual({ code: null, signal: "SIGKILL" });
    expect(linesOf(text())).toHaveLength(BURST);
  });

  it("its natural end, although who reads its pipe is slow", async () => {
    const { child, text, ended } = run(BURST_CODE.replace(`${BURST}`, "50000"));
    child.stderr!.pause();
    // More than a pipe holds is under way: it waits, and loses nothing.
    await new Promise((resolve) => child.stderr!.once("readable", resolve));
    child.stderr!.resume();
    await ended;
    expect(linesOf(text())).toHaveLength(50_000);
  });

  it("process.exit in a worker thread", async () => {
    const worker = `const { log } = await import("polylog"); for (let i = 0; i < ${BURST}; i++) log.info("burst", { i }); process.exit(0);`;
    const { text, ended } = run(
      `import { Worker } from "node:worker_threads"; new Worker(new URL("data:text/javascript," + encodeURIComponent(${JSON.stringify(worker.replace('import("polylog")', `import(${JSON.stringify(new URL("../packages/sdk/dist/index.js", import.meta.url).href)})`))})));`,
    );
    await ended;
    expect(linesOf(text())).toHaveLength(BURST);
  });
});

describe("a running process", () => {
  const TICKING = `import { getLogger } from "polylog"; const log = getLogger("app.db");
    log.info("ready"); setInterval(() => { log.debug("tick"); log.info("tock"); }, 5);`;
  const ticks = (text: string) => text.split("DEBUG [N] app.db tick").length - 1;

  it.skipIf(process.platform === "win32")("logs more after SIGUSR2, and less after the next", async () => {
    const { child, text } = run(TICKING);
    await expect.poll(text).toContain("ready");
    expect(ticks(text())).toBe(0);
    child.kill("SIGUSR2");
    await expect.poll(() => ticks(text())).toBeGreaterThan(0);
    child.kill("SIGUSR2");
    // It is back when a tock follows a tock with no tick between.
    await expect.poll(() => /tock\n[^\n]*tock\n[^\n]*tock\n$/.test(text())).toBe(true);
  });

  it("follows the file that POLYLOG_FILTER_FILE names, also when it is replaced", async () => {
    const directory = mkdtempSync(join(tmpdir(), "polylog-filter-"));
    directories.push(directory);
    const path = join(directory, "filter");
    writeFileSync(path, "info");
    const { text } = run(TICKING, { POLYLOG_FILTER_FILE: path });
    await expect.poll(text).toContain("ready");
    expect(ticks(text())).toBe(0);
    writeFileSync(`${path}.new`, "app.db=debug");
    renameSync(`${path}.new`, path);
    await expect.poll(() => ticks(text()), { timeout: 10_000 }).toBeGreaterThan(0);
  });

  it("is governed by that file from its first record on", async () => {
    const directory = mkdtempSync(join(tmpdir(), "polylog-filter-"));
    directories.push(directory);
    const path = join(directory, "filter");
    writeFileSync(path, "app=debug");
    const { text, ended } = run(
      'import { getLogger } from "polylog"; getLogger("app").debug("tick"); process.exit();',
      { POLYLOG_FILTER_FILE: path },
    );
    await ended;
    expect(text()).toContain("DEBUG [N] app tick");
  });

  it("keeps as many rotated files as it is told, however briefly it is there", async () => {
    const directory = mkdtempSync(join(tmpdir(), "polylog-file-"));
    directories.push(directory);
    const path = join(directory, "app.log");
    const code = `import { configure, fileSink, log } from "polylog";
      configure({ sinks: { file: fileSink(${JSON.stringify(path)}, { maxSize: 200, keep: 2, gzip: true }) } });
      for (let i = 0; i < 20; i++) log.info("burst", { i });`;
    for (let runs = 0; runs < 2; runs++) await run(code).ended;
    expect(readdirSync(directory)).toHaveLength(3);
    expect(readFileSync(path, "utf8")).toContain("burst i=19");
  });

  it("writes to the file that POLYLOG_FILE names, in the format of POLYLOG_FORMAT", async () => {
    const directory = mkdtempSync(join(tmpdir(), "polylog-file-"));
    directories.push(directory);
    const path = join(directory, "app.log");
    const { ended, text } = run(
      'import { log } from "polylog"; import { readFileSync } from "node:fs"; log.warn("to the file"); process.on("exit", () => process.stderr.write(readFileSync(process.env.POLYLOG_FILE)));',
      {
        POLYLOG_FILE: path,
        POLYLOG_FORMAT: "json",
      },
    );
    await ended;
    expect(JSON.parse(text())).toMatchObject({ severity: "WARNING", message: "to the file" });
  });
});
