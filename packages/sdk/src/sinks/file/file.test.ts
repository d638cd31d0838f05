import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProblems } from "../../problems.ts";
import type { LineSink } from "../sink.ts";
import { type FileSinkOptions, fileSink } from "./file.ts";

/** Limit, and pause between looks, in milliseconds. */
const SOON = { timeout: 15_000, interval: 10 };

let directory: string;
let path: string;
let told: string[];
let open: LineSink[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "polylog-file-"));
  path = join(directory, "app.log");
  told = [];
  open = [];
});
afterEach(async () => {
  for (const sink of open) await sink.close?.();
  rmSync(directory, { recursive: true, force: true });
});

function sinkOf(options: FileSinkOptions = {}, at = path): LineSink {
  const sink = fileSink(at, {
    reopenOnSighup: false,
    problems: createProblems((line) => told.push(line)),
    ...options,
  });
  open.push(sink);
  return sink;
}

/** Writes and brings out, as a turn of its own. */
function write(sink: LineSink, ...lines: string[]): void {
  for (const line of lines) sink.writeLine(`${line}\n`, "info");
  sink.flushSync?.();
}

const text = (name = "app.log"): string => readFileSync(join(directory, name), "utf8");
const linesOf = (content: string): string[] => content.split("\n").slice(0, -1);
const rotated = (): string[] =>
  readdirSync(directory)
    .filter((name) => name !== "app.log")
    .sort();
/** Long enough for a sink to look again whether its file is still there. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 60));

describe("a file sink", () => {
  it("writes what comes after the end of the process has begun before the call returns", () => {
    const sink = sinkOf();
    sink.writeLine("one\n", "info");
    sink.flushSync?.(true);
    sink.writeLine("two\n", "info");
    expect(text()).toBe("one\ntwo\n");
  });

  it("appends the lines of a turn when the turn ends, in order", async () => {
    writeFileSync(path, "before\n");
    const sink = sinkOf();
    for (let i = 0; i < 3; i++) sink.writeLine(`line ${i}\n`, "info");
    expect(text()).toBe("before\n");
    await expect.poll(text, SOON).toBe("before\nline 0\nline 1\nline 2\n");
    expect(sink.dropped).toBe(0);
  });

  it("writes each line before the call returns when every record is to be durable", () => {
    const sink = sinkOf({ durability: "record" });
    sink.writeLine("first\n", "info");
    expect(text()).toBe("first\n");
  });

  it("makes the directory", () => {
    const deep = join(directory, "a/b/app.log");
    write(sinkOf({}, deep), "x");
    expect(readFileSync(deep, "utf8")).toBe("x\n");
  });

  it("keeps whole what is written in one turn beyond 64 KiB, and characters of many bytes", () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `${i} grün 日本 🎉 ${"x".repeat(i % 90)}`);
    write(sinkOf(), ...lines);
    expect(linesOf(text())).toEqual(lines);
  });

  it("stays where it was opened when the process changes its directory", () => {
    const before = process.cwd();
    process.chdir(directory);
    try {
      const sink = sinkOf({}, "relative.log");
      process.chdir(before);
      write(sink, "x");
      expect(text("relative.log")).toBe("x\n");
    } finally {
      process.chdir(before);
    }
  });

  it("drops and counts what comes after it is closed", async () => {
    const sink = sinkOf();
    await sink.close?.();
    write(sink, "late", "later");
    expect(text()).toBe("");
    expect(sink.dropped).toBe(2);
  });

  it.each<[string, FileSinkOptions]>([
    ["maxSize", { maxSize: "much" as "1MB" }],
    ["interval", { interval: "year" as "day" }],
    ["keep", { keep: -1 }],
  ])("refuses a bad %s", (_name, options) => {
    expect(() => sinkOf(options)).toThrow(expect.objectContaining({ code: "POLYLOG_E_CONFIG" }));
  });

  it("refuses a path that can't be a file, with what to do", () => {
    expect(() => sinkOf({}, directory)).toThrow(
      expect.objectContaining({ code: "POLYLOG_E_SINK", remedy: expect.stringContaining("path") }),
    );
  });

  it("writes to a device, which isn't rotated", () => {
    const sink = sinkOf({ maxSize: 1 }, "/dev/null");
    write(sink, "x", "y");
    expect(sink.dropped).toBe(0);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});

describe("rotation by size", () => {
  it("never lets a file grow beyond it, and splits no line and loses none", () => {
    const sink = sinkOf({ maxSize: 1000 });
    const lines = Array.from({ length: 300 }, (_, i) => `line ${i} ${"x".repeat(i % 50)}`);
    for (let at = 0; at < lines.length; at += 60) write(sink, ...lines.slice(at, at + 60));
    const names = [...rotated(), "app.log"];
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(text(name).length).toBeLessThanOrEqual(1000);
    expect(names.flatMap((name) => linesOf(text(name)))).toEqual(lines);
  });

  it("gives a line longer than that a file of its own", () => {
    const long = "y".repeat(50);
    write(sinkOf({ maxSize: 20 }), "a", long, "b");
    expect([...rotated(), "app.log"].map((name) => text(name))).toEqual(["a\n", `${long}\n`, "b\n"]);
  });

  it("counts what was in the file before", () => {
    writeFileSync(path, "x".repeat(99));
    appendFileSync(path, "\n");
    write(sinkOf({ maxSize: 100 }), "new");
    expect(text()).toBe("new\n");
    expect(rotated()).toHaveLength(1);
  });

  it("keeps as many files as it is told, the newest", async () => {
    const sink = sinkOf({ maxSize: 10, keep: 2 });
    for (let i = 0; i < 6; i++) write(sink, `number ${i}`);
    await sink.close?.();
    expect(rotated().map((name) => text(name))).toEqual(["number 3\n", "number 4\n"]);
    expect(text()).toBe("number 5\n");
  });

  it("keeps as many when the process ends at once", () => {
    const sink = sinkOf({ maxSize: 10, keep: 2 });
    for (let i = 0; i < 6; i++) write(sink, `number ${i}`);
    sink.flushSync?.(true);
    expect(rotated().map((name) => text(name))).toEqual(["number 3\n", "number 4\n"]);
  });

  it("moves the file behind a link, and leaves the link", async () => {
    mkdirSync(join(directory, "real"));
    symlinkSync(join(directory, "real/shop.log"), path);
    const sink = sinkOf({ maxSize: 10, keep: 1 });
    write(sink, "number 0", "number 1", "number 2");
    await sink.close?.();
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(text("real/shop.log")).toBe("number 2\n");
    const names = readdirSync(join(directory, "real")).filter((name) => name !== "shop.log");
    expect(names.map((name) => text(`real/${name}`))).toEqual(["number 1\n"]);
  });

  it("removes no file but its own", async () => {
    const others = [
      "app.log.1",
      "app.log.old",
      "app.log.20261121T140336123Z.bak",
      "other.log.20261121T140336123Z",
    ];
    for (const name of others) writeFileSync(join(directory, name), "mine");
    const sink = sinkOf({ maxSize: 1, keep: 0 });
    write(sink, "a", "b", "c");
    await sink.close?.();
    expect(rotated()).toEqual([...others].sort());
  });
});

describe("rotation by time", () => {
  it("begins anew at the full hour, and names the old file by its last record", () => {
    let now = Date.now();
    const sink = sinkOf({ interval: "hour", now: () => now });
    write(sink, "first", "second");
    expect(rotated()).toEqual([]);
    now = (Math.floor(now / 3_600_000) + 1) * 3_600_000;
    const changed = statSync(path).mtimeMs;
    write(sink, "third");
    expect(text()).toBe("third\n");
    expect(rotated()).toEqual([
      `app.log.${new Date(Math.floor(changed)).toISOString().replace(/[-:.]/g, "")}`,
    ]);
    write(sink, "fourth");
    expect(rotated()).toHaveLength(1);
  });

  it("moves aside what an earlier process left on another day", () => {
    writeFileSync(path, "old\n");
    utimesSync(path, new Date("2026-03-27T22:10:00.500Z"), new Date("2026-03-27T22:10:00.500Z"));
    write(sinkOf({ interval: "day" }), "new");
    expect(text()).toBe("new\n");
    expect(text("app.log.20260327T221000500Z")).toBe("old\n");
  });

  it("moves no empty file aside", () => {
    let now = Date.now();
    const sink = sinkOf({ interval: "minute", now: () => now });
    now += 120_000;
    write(sink, "x");
    expect(rotated()).toEqual([]);
  });
});

describe("compression", () => {
  it("replaces files that were moved aside by compressed ones, of the same content", async () => {
    const sink = sinkOf({ maxSize: 10, gzip: true });
    for (let i = 0; i < 4; i++) write(sink, `number ${i}`);
    await expect
      .poll(rotated, SOON)
      .toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/Z\.gz$/)));
    const contents = rotated().map((name) => gunzipSync(readFileSync(join(directory, name))).toString());
    expect(contents).toEqual(["number 0\n", "number 1\n", "number 2\n"]);
  });

  it("does so after each rotation, not only the first ones", async () => {
    writeFileSync(join(directory, "app.log.20260327T221000500Z"), "left over\n");
    const sink = sinkOf({ maxSize: 10, gzip: true });
    await expect.poll(rotated, SOON).toEqual(["app.log.20260327T221000500Z.gz"]);
    write(sink, "number 0", "number 1");
    await expect.poll(() => rotated().filter((name) => name.endsWith("Z.gz")), SOON).toHaveLength(2);
  });

  it("replaces those that are at rest when the process ends before it has come to it, as many as are soon done", async () => {
    const [small, large, later] = ["0", "1", "2"].map((at) => `app.log.20260327T22100050${at}Z`) as [
      string,
      string,
      string,
    ];
    writeFileSync(join(directory, small), "precious\n");
    writeFileSync(join(directory, large), Buffer.alloc(16 * 1024 * 1024));
    writeFileSync(join(directory, later), "as well\n");
    const age = () => Date.now() - statSync(join(directory, later)).ctimeMs;
    await expect.poll(age, SOON).toBeGreaterThan(1_000);
    const sink = sinkOf({ maxSize: 10, gzip: true });
    write(sink, "number 0", "number 1");
    sink.flushSync?.(true);
    const [first, second, third, justRotated] = rotated();
    expect([first, second, third]).toEqual([`${small}.gz`, large, `${later}.gz`]);
    expect(justRotated).toMatch(/Z$/);
    expect(gunzipSync(readFileSync(join(directory, first!))).toString()).toBe("precious\n");
    expect(told).toEqual([]);
  });

  it("makes anew what a process that died had half made", async () => {
    const old = "app.log.20260327T221000500Z";
    writeFileSync(join(directory, old), "precious\n");
    writeFileSync(join(directory, `${old}.gz`), gzipSync("precious\n").subarray(0, 12));
    const draft = join(directory, `${old}.gz.0123abcd.tmp`);
    writeFileSync(draft, "half");
    utimesSync(draft, new Date(0), new Date(0));
    sinkOf({ gzip: true });
    await expect.poll(rotated, SOON).toEqual([`${old}.gz`]);
    expect(gunzipSync(readFileSync(join(directory, `${old}.gz`))).toString()).toBe("precious\n");
  });

  it("loses nothing when it is killed in the middle, and the next process finishes it", async () => {
    const old = join(directory, "app.log.20260327T221000500Z");
    const content = randomBytes(10_000_000).toString("hex");
    writeFileSync(old, content);
    const child = run("compress.js", `compressRotated(${JSON.stringify(path)})`);
    await expect.poll(() => rotated().some((name) => name.endsWith(".tmp")), SOON).toBe(true);
    child.process.kill("SIGKILL");
    await child.ended;
    expect(readFileSync(old, "utf8") === content).toBe(true);
    expect(existsSync(`${old}.gz`)).toBe(false);

    await sinkOf({ gzip: true }).close?.();
    expect(existsSync(old)).toBe(false);
    expect(gunzipSync(readFileSync(`${old}.gz`)).toString() === content).toBe(true);
  });
});

describe("a file that others move, remove or empty", () => {
  it("is begun anew when it was moved away", async () => {
    const sink = sinkOf();
    write(sink, "old");
    renameSync(path, `${path}.1`);
    await aWhile();
    write(sink, "new");
    expect(text("app.log.1")).toBe("old\n");
    expect(text()).toBe("new\n");
  });

  it("is begun anew when it was removed, with its directory", async () => {
    const deep = join(directory, "logs/app.log");
    const sink = sinkOf({}, deep);
    rmSync(join(directory, "logs"), { recursive: true });
    await aWhile();
    write(sink, "new");
    expect(readFileSync(deep, "utf8")).toBe("new\n");
  });

  it("goes on at its beginning when it was emptied (copytruncate)", async () => {
    const sink = sinkOf({ maxSize: 30 });
    write(sink, "x".repeat(25));
    truncateSync(path);
    await aWhile();
    write(sink, "y".repeat(25));
    expect(text()).toBe(`${"y".repeat(25)}\n`);
    expect(rotated()).toEqual([]);
  });

  it("is opened anew on SIGHUP, at once", async () => {
    const sink = sinkOf({ reopenOnSighup: true });
    write(sink, "old");
    sink.writeLine("same turn\n", "info");
    renameSync(path, `${path}.1`);
    process.kill(process.pid, "SIGHUP");
    await expect.poll(() => existsSync(path), SOON).toBe(true);
    write(sink, "new");
    expect(text()).toBe("new\n");
    expect(text("app.log.1")).toBe("old\nsame turn\n");
    await sink.close?.();
    expect(process.listenerCount("SIGHUP")).toBe(0);
  });
});

describe("several processes with one file", () => {
  it.each<[string, FileSinkOptions]>([
    ["without rotation", {}],
    ["that rotate it by size", { maxSize: "64KiB" }],
    ["that rotate and compress it", { maxSize: "64KiB", gzip: true }],
  ])("%s keep every line whole and lose none", async (_name, options) => {
    const PROCESSES = 4;
    const LINES = 3000;
    await Promise.all(
      Array.from({ length: PROCESSES }, async (_, at) => {
        const { ended } = run(
          "file.js",
          `
          const sink = fileSink(${JSON.stringify(path)}, ${JSON.stringify(options)});
          for (let i = 0; i < ${LINES}; i++) {
            sink.writeLine("${at} " + i + " " + "x".repeat(i % 200) + "\\n", "info");
            if (i % 20 === 0) await new Promise(setImmediate);
          }
          await sink.close();`,
        );
        expect(await ended).toBe(0);
      }),
    );
    const lines = readdirSync(directory)
      .filter((name) => !name.endsWith(".tmp"))
      .flatMap((name) => {
        const bytes = readFileSync(join(directory, name));
        return linesOf((name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString());
      });
    const expected = Array.from({ length: PROCESSES }, (_, at) =>
      Array.from({ length: LINES }, (_, i) => `${at} ${i} ${"x".repeat(i % 200)}`),
    ).flat();
    expect(lines.sort()).toEqual(expected.sort());
  });
});

describe.skipIf(!canMount())("a disk that is full", () => {
  let disk: string;
  beforeEach(() => {
    disk = join(directory, "disk");
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
  });
  afterEach(() => {
    execFileSync("umount", ["-l", disk]);
  });

  it("costs nothing as long as it is for a while: lines come out by themselves when there is room, told once", async () => {
    const at = join(disk, "app.log");
    writeFileSync(join(disk, "filler"), Buffer.alloc(200_000));
    const sink = sinkOf({}, at);
    const lines = Array.from({ length: 2000 }, (_, i) => `line ${i} ${"x".repeat(90)}`);
    for (let i = 0; i < lines.length; i += 100) write(sink, ...lines.slice(i, i + 100));
    expect(linesOf(readFileSync(at, "utf8")).length).toBeLessThan(1000);
    expect(told).toEqual([expect.stringContaining("ENOSPC")]);

    unlinkSync(join(disk, "filler"));
    await expect.poll(() => linesOf(readFileSync(at, "utf8")), SOON).toEqual(lines);
    expect(sink.dropped).toBe(0);
  });

  it("costs what is beyond 4 MiB, counted to the record", async () => {
    const at = join(disk, "app.log");
    const sink = sinkOf({}, at);
    const RECORDS = 60_000;
    // Of two lines each, as records with a stack are.
    for (let i = 0; i < RECORDS; i++) sink.writeLine(`record ${i}\n    ${"x".repeat(90)}\n`, "info");
    sink.flushSync?.();
    const { dropped = 0 } = sink;
    expect(dropped).toBeGreaterThan(10_000);
    execFileSync("mount", ["-o", "remount,size=64m", disk]);
    await expect
      .poll(() => readFileSync(at, "utf8").match(/^record/gm)?.length, SOON)
      .toBe(RECORDS - dropped);
    write(sink, "after");
    expect(readFileSync(at, "utf8")).toMatch(/\nafter\n$/);
    expect(told).toHaveLength(1);
  });

  it("costs what is kept when the sink is closed, counted", async () => {
    const at = join(disk, "app.log");
    writeFileSync(join(disk, "filler"), Buffer.alloc(254_000));
    const sink = sinkOf({}, at);
    for (let i = 0; i < 1000; i++) sink.writeLine(`line ${i} ${"x".repeat(90)}\n`, "info");
    await sink.close?.();
    const written = readFileSync(at, "utf8").match(/\n/g)?.length ?? 0;
    expect(sink.dropped).toBe(1000 - written);
  });
});

/** Runs code in a process of its own, with what a module of this folder exports at hand. */
function run(module: string, code: string) {
  const url = new URL(`../../../dist/sinks/file/${module}`, import.meta.url).href;
  const name = module === "file.js" ? "fileSink" : "compressRotated";
  const child = spawn(
    process.execPath,
    ["--input-type=module", "-e", `import { ${name} } from ${JSON.stringify(url)};\n${code}`],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { process: child, ended };
}

function canMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), "polylog-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", probe], { stdio: "ignore" });
    execFileSync("umount", [probe]);
    return true;
  } catch {
    console.warn("skipped: tests of a full disk, for mounting a file system takes root");
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}
