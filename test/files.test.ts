import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { poll } from "./poll.ts";
import { MAIN, type ServerProcess, startServerProcess } from "./server-process.ts";

/** Files end to end: followed by `serve --tail`, read by `polylog import`, shipped by `polylog run`. */
const run = promisify(execFile);
let folder: string;
let server: ServerProcess;
const flags = (): string[] => ["--tail", join(folder, "*.log")];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "polylog-files-"));
  await writeFile(join(folder, "app.log"), line(0));
  server = await startServerProcess({ flags: flags() });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

function line(n: number): string {
  return `${new Date().toISOString()} WARN [worker-${n % 3}] shop.Orders - followed line ${n}\n`;
}

const found = async (query: string): Promise<string[]> =>
  (await server.search(query, { limit: "5000", order: "asc" })).rows.map((row) => row.body);

async function polylog(...words: string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, [MAIN, ...words], { env: { ...process.env, POLYLOG_SERVER: server.address } });
}

describe("a followed file", () => {
  it("is read from its beginning, over rotation and truncation, without loss or doubles", async () => {
    const path = join(folder, "app.log");
    await poll("the first line", async () => (await found('"followed line"')).length === 1);
    await appendFile(path, line(1) + line(2));
    await poll("appended lines", async () => (await found('"followed line"')).length === 3);
    await rename(path, join(folder, "app.log.1"));
    await writeFile(path, line(3));
    await poll("the file after its rotation", async () => (await found('"followed line"')).length === 4);
    await writeFile(path, "");
    await appendFile(path, line(4) + line(5));
    await poll("the file after its truncation", async () => (await found('"followed line"')).length === 6);
    const bodies = await found('"followed line"');
    expect(new Set(bodies).size).toBe(6);
    const [row] = (await server.search('"followed line 4"')).rows;
    expect(row).toMatchObject({
      level: "warn",
      receiver: "file",
      attributes: { "log.file.name": "app.log" },
    });
  });

  it("is taken up where it was left when the server starts again", async () => {
    await server.stop({ keepData: true });
    await appendFile(join(folder, "app.log"), line(6));
    server = await startServerProcess({ dataDirectory: server.dataDirectory, flags: flags() });
    await poll("what was written meanwhile", async () => (await found('"followed line"')).length === 7);
    await appendFile(join(folder, "app.log"), line(7));
    await poll("what is written now", async () => (await found('"followed line"')).length === 8);
  });

  it("joins a stack trace to its record", async () => {
    const trace =
      "java.lang.IllegalStateException: no stock\n\tat shop.Stock.take(Stock.java:42)\n\tat shop.Main.main(Main.java:7)\n";
    await appendFile(
      join(folder, "app.log"),
      `${new Date().toISOString()} ERROR [main] shop.Stock - reserving failed\n${trace}`,
    );
    const row = await poll("the record", async () => (await server.search('"reserving failed"')).rows[0]);
    expect(JSON.stringify(row)).toContain("Stock.java:42");
  });
});

describe("polylog import", () => {
  it("reads plain and gzipped files, and all of this machine's package log", async () => {
    const file = join(folder, "old.txt.gz");
    const lines = Array.from({ length: 500 }, (_, n) =>
      JSON.stringify({ time: 1_790_000_000_000 + n, level: 30, msg: `imported ${n}` }),
    );
    await writeFile(file, gzipSync(lines.join("\n")));
    const { stderr, stdout } = await polylog("import", file);
    expect(stdout + stderr).toMatch(/500 records/);
    expect(await found("imported")).toHaveLength(500);

    const dpkg = (await readFile("/var/log/dpkg.log", "utf8").catch(() => "")).split("\n").filter(Boolean);
    if (dpkg.length === 0) {
      console.log("not covered here: this machine has no /var/log/dpkg.log");
      return;
    }
    await polylog("import", "/var/log/dpkg.log");
    const parameters = { query: "", from: "1980-01-01T00:00:00Z", to: "now+1d" };
    const search = new URLSearchParams({ ...parameters, query: "log.file.name:dpkg.log" });
    const counted = await (await fetch(`${server.address}/api/v1/logs/count?${search}`)).json();
    expect(counted.count).toBe(dpkg.length);
  });

  it("ends with 3 when the server is not reached and with 2 for a file that isn't there", async () => {
    await expect(
      polylog("import", "--server", "http://127.0.0.1:9", join(folder, "old.txt.gz")),
    ).rejects.toMatchObject({ code: 3 });
    await expect(polylog("import", join(folder, "nowhere.log"))).rejects.toMatchObject({ code: 2 });
  });
});

describe("polylog run", () => {
  it("passes output and exit code through and ships what was printed", async () => {
    const script =
      'console.log("plain to stdout"); console.error(JSON.stringify({level:50,msg:"json to stderr"})); process.exitCode = 7';
    const failure = await polylog("run", "--service", "job", "--", process.execPath, "-e", script).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({ code: 7, stdout: "plain to stdout\n" });
    expect(failure.stderr).toContain("json to stderr");
    const { rows } = await server.search("service:job", { order: "asc" });
    expect(rows.map((row) => [row.level, row.body]).sort()).toEqual([
      ["error", "json to stderr"],
      ["unset", "plain to stdout"],
    ]);
  });
});
