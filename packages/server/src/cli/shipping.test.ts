import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answer, fakeServer, sendJson, sendProblem, taking } from "./testing/fake-server.ts";
import { PATIENCE, runCommand, startCommand } from "./testing/run.ts";

const AWAY = "http://127.0.0.1:1";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-ship-"));
});
afterEach(() => rm(directory, { recursive: true }));

type Line = Record<string, unknown>;
const bodies = (lines: readonly Line[]): unknown[] => lines.map(({ body }) => body);

describe("polylog import", () => {
  it("takes in files and says what it found", async () => {
    const lines: Line[] = [];
    await using server = await fakeServer(taking(lines));
    const plain = join(directory, "app.log");
    const packed = join(directory, "old.log.gz");
    await writeFile(plain, "level=info msg=one\nlevel=warn msg=two\n");
    await writeFile(packed, gzipSync('{"level":"error","msg":"three"}\n'));
    const { code, stdout, stderr } = await runCommand(["import", plain, packed, "--server", server.url]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`${plain}: 2 records, logfmt`);
    expect(stdout).toContain(`${packed}: 1 record, json`);
    expect(stdout).toMatch(/\n3 records from 2 files in [\d.]+ s \([\d,]+\/s\)\.\n$/);
    expect(bodies(lines)).toEqual(["one", "two", "three"]);
  });

  it("takes in standard input, under the name that it is given", async () => {
    const lines: Line[] = [];
    await using server = await fakeServer(taking(lines));
    const words = ["import", "-", "--service", "piped", "--server", server.url];
    const { code, stdout } = await runCommand(words, {}, "hello\n");
    expect([code, stdout.split("\n")[0]]).toEqual([
      0,
      "standard input: 1 record, plain, 1 without a time of their own",
    ]);
    expect(JSON.stringify(lines)).toContain("piped");
  });

  it("expands globs that the shell has left", async () => {
    const lines: Line[] = [];
    await using server = await fakeServer(taking(lines));
    for (const name of ["a.log", "b.log", "c.txt"]) await writeFile(join(directory, name), `${name}\n`);
    const { code } = await runCommand(["import", join(directory, "*.log"), "--server", server.url]);
    expect([code, bodies(lines)]).toEqual([0, ["a.log", "b.log"]]);
  });

  it("goes on after a file that can't be read, and ends with 2", async () => {
    const lines: Line[] = [];
    await using server = await fakeServer(taking(lines));
    const good = join(directory, "good.log");
    await writeFile(good, "good\n");
    const missing = join(directory, "missing.log");
    const { code, stdout, stderr } = await runCommand(["import", missing, good, "--server", server.url]);
    expect([code, bodies(lines)]).toEqual([2, ["good"]]);
    expect(stderr).toContain(`There is no file ${missing}`);
    expect(stdout).toContain("1 file could not be imported");
  });

  it.each<[what: string, words: string[], code: number, says: string]>([
    ["an empty file", ["empty.log"], 1, "0 records"],
    ["no file of that name", ["none*.log"], 2, "No file is named like"],
    ["a zone that isn't one", ["empty.log", "--time-zone", "Mars"], 2, 'no time zone "Mars"'],
  ])("ends on %s", async (_, [file = "", ...flags], code, says) => {
    await using server = await fakeServer(taking([]));
    await writeFile(join(directory, "empty.log"), "");
    const outcome = await runCommand(["import", join(directory, file), ...flags, "--server", server.url]);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout + outcome.stderr).toContain(says);
  });

  it("says at once that the server is away", async () => {
    const file = join(directory, "a.log");
    await writeFile(file, "a\n");
    const started = performance.now();
    const { code, stdout, stderr } = await runCommand(["import", file, "--server", AWAY]);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain(`${AWAY} is not reached`);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe("polylog run", () => {
  const node = (script: string): string[] => ["--", process.execPath, "-e", script];

  it("keeps the output as it is, ships it, and ends as the program does", async () => {
    const lines: Line[] = [];
    await using server = await fakeServer(taking(lines));
    const script = `
      process.stdout.write("\\x1b[32mlevel=info msg=hi\\x1b[0m\\n");
      process.stderr.write("level=error msg=ouch\\nno end");
      process.exitCode = 7;`;
    const { code, stdout, stderr } = await runCommand([
      "run",
      "--server",
      server.url,
      "--service",
      "shop",
      ...node(script),
    ]);
    expect({ code, stdout, stderr }).toEqual({
      code: 7,
      stdout: "\u001b[32mlevel=info msg=hi\u001b[0m\n",
      stderr: "level=error msg=ouch\nno end",
    });
    expect(bodies(lines).sort()).toEqual(["hi", "no end", "ouch"]);
    expect(lines.every((line) => JSON.stringify(line).includes('"shop"'))).toBe(true);
    expect(server.requests[0]?.headers["polylog-receiver"]).toBe("run");
  });

  it("gives the program its input and its own flags", async () => {
    await using server = await fakeServer(taking([]));
    const words = ["run", "--server", server.url, "cat", "-n"];
    expect((await runCommand(words, {}, "line\n")).stdout.trim()).toMatch(/^1\s+line$/);
  });

  it.each<[what: string, command: string[], code: number]>([
    ["a program that isn't there", ["polylog-no-such-program"], 127],
    ["a file that isn't a program", ["/etc/passwd"], 126],
    ["a program that a signal ends", ["sh", "-c", "kill -TERM $$"], 143],
  ])("ends as a shell would for %s", async (_, command, code) => {
    await using server = await fakeServer(taking([]));
    expect((await runCommand(["run", "--server", server.url, "--", ...command])).code).toBe(code);
  });

  it("passes signals on and lets the program end in its own way", async () => {
    const lines: Line[] = [];
    await using server = await fakeServer(taking(lines));
    const script = `process.on("SIGTERM", () => { console.log("bye"); process.exit(3); });
      setInterval(() => {}, 1000); console.log("ready");`;
    const running = startCommand(["run", "--server", server.url, ...node(script)]);
    await expect.poll(() => running.output.stdout, PATIENCE).toBe("ready\n");
    running.process.kill("SIGTERM");
    expect(await running.ended).toEqual({ code: 3, stdout: "ready\nbye\n", stderr: "" });
    expect(bodies(lines)).toEqual(["ready", "bye"]);
  });

  it("ships while the program runs, not at its end", async () => {
    const lines: Line[] = [];
    await using server = await fakeServer(taking(lines));
    const running = startCommand([
      "run",
      "--server",
      server.url,
      ...node(`console.log("early"); setInterval(() => {}, 1000);`),
    ]);
    await expect.poll(() => bodies(lines), PATIENCE).toEqual(["early"]);
    // Goes to the program, too.
    running.process.kill("SIGTERM");
    await running.ended;
  });

  it("lets the program run unharmed while the server is away: one warning, and a count", async () => {
    const words = [
      "run",
      "--server",
      AWAY,
      ...node(`for (let i = 0; i < 3; i++) console.log("line " + i); process.exitCode = 5;`),
    ];
    const { code, stdout, stderr } = await runCommand(words);
    expect([code, stdout]).toEqual([5, "line 0\nline 1\nline 2\n"]);
    expect(stderr).toMatch(
      /^polylog: .*The program runs on; its records wait\.\npolylog: 3 records lost: .*\n$/,
    );
  });

  it("ships what waited when the server comes", async () => {
    const lines: Line[] = [];
    let isThere = false;
    const take = taking(lines);
    const answer: Answer = (url, response, request, body) =>
      isThere
        ? take(url, response, request, body)
        : sendProblem(
            response,
            { code: "POLYLOG_E_STORE_UNAVAILABLE", message: "The store is starting." },
            503,
          );
    await using server = await fakeServer(answer);
    const running = startCommand([
      "run",
      "--server",
      server.url,
      ...node(`console.log("waited"); setInterval(() => {}, 1000);`),
    ]);
    await expect.poll(() => running.output.stderr, PATIENCE).toContain("The store is starting.");
    isThere = true;
    await expect.poll(() => bodies(lines), PATIENCE).toEqual(["waited"]);
    running.process.kill("SIGTERM");
    expect((await running.ended).stderr.split("\n")).toHaveLength(2);
  });

  it("says once that the server refuses, and counts", async () => {
    await using server = await fakeServer((_, response) =>
      sendJson(response, { code: "POLYLOG_E_UNAUTHORIZED", message: "This server asks for its token." }, 401),
    );
    const { code, stdout, stderr } = await runCommand([
      "run",
      "--server",
      server.url,
      ...node(`console.log("x")`),
    ]);
    expect([code, stdout]).toEqual([0, "x\n"]);
    expect(stderr).toMatch(
      /^polylog: This server asks for its token\. .* are lost\.\npolylog: 1 record lost.*\n$/,
    );
  });

  it("gives the program outputs that it can open by name, as scripts do", async () => {
    await using server = await fakeServer(taking([]));
    const words = [
      "run",
      "--server",
      server.url,
      "--",
      "sh",
      "-c",
      "echo out >/dev/stdout; echo err >/dev/stderr",
    ];
    expect(await runCommand(words)).toEqual({ code: 0, stdout: "out\n", stderr: "err\n" });
  });

  it("goes on until programs that were left behind have said all", async () => {
    const lines: Line[] = [];
    await using server = await fakeServer(taking(lines));
    const words = [
      "run",
      "--server",
      server.url,
      "--",
      "sh",
      "-c",
      "(sleep 1; echo late) & echo first; exit 4",
    ];
    expect(await runCommand(words)).toEqual({ code: 4, stdout: "first\nlate\n", stderr: "" });
    expect(bodies(lines)).toEqual(["first", "late"]);
  });

  it("ends the program as a pipe would when nobody reads on", async () => {
    await using server = await fakeServer(taking([]));
    const running = startCommand(["run", "--server", server.url, "--", "yes"]);
    running.process.stdout.once("data", () => running.process.stdout.destroy());
    expect((await running.ended).code).toBe(128 + 13);
  });
});
