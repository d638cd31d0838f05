import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { poll } from "./poll.ts";
import { ROOT } from "./server-process.ts";

/** The packages as they would be published: packed, installed into an empty project, and used from there. */
const PACKAGES = ["@polylog/engine", "@polylog/server"];
const folder = mkdtempSync(join(tmpdir(), "polylog-packed-"));
let files: Record<string, string[]> = {};

beforeAll(() => {
  const flags = PACKAGES.flatMap((name) => ["--workspace", name]);
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder, ...flags], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const reports = Object.values(JSON.parse(packed)) as {
    name: string;
    filename: string;
    files: { path: string }[];
  }[];
  files = Object.fromEntries(reports.map((report) => [report.name, report.files.map((file) => file.path)]));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
  const tarballs = reports.map((report) => join(folder, report.filename));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...tarballs], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("hold what is needed and nothing that isn't", () => {
  expect(Object.keys(files).sort()).toEqual([...PACKAGES].sort());
  for (const name of PACKAGES) {
    const paths = files[name] ?? [];
    expect(paths).toContain("LICENSE");
    expect(paths.some((path) => path.startsWith("dist/"))).toBe(true);
    const strangers = paths.filter(
      (path) => /\.test\.|testdata|\/testing\/|\.ts$/.test(path) && !path.endsWith(".d.ts"),
    );
    expect(strangers).toEqual([]);
  }
});

it("serve by `npx polylog serve`: a record sent is found, and the page is there", async () => {
  const flags = [
    "serve",
    "--port",
    "0",
    "--grpc-port",
    "0",
    "--data",
    join(folder, "data"),
    "--decode-threads",
    "1",
  ];
  // In a group of its own: npx doesn't pass signals on.
  const child = spawn("npx", ["polylog", ...flags], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  try {
    const address = await poll("the address is printed", () => {
      if (child.exitCode !== null) throw new Error(output);
      return /http:\/\/[\d.]+:\d+/.exec(output)?.[0];
    });
    await poll("it is ready", async () => (await fetch(`${address}/readyz`)).ok);
    const sent = await fetch(`${address}/v1/jsonl`, {
      method: "POST",
      body: '{"level":"info","msg":"from a package"}',
    });
    expect(sent.status).toBe(200);
    const found = await fetch(`${address}/api/v1/logs?query=${encodeURIComponent('"from a package"')}`);
    expect((await found.json()).rows).toHaveLength(1);
    // Large enough for a thread of its own, whose program has to be there.
    const body = '{"msg":"of many"}\n'.repeat(10_000);
    expect((await fetch(`${address}/v1/jsonl`, { method: "POST", body })).status).toBe(200);
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toMatch(/^polylog_decoding_jobs_total 1$/m);
    const page = await fetch(`${address}/`, { headers: { accept: "text/html" } });
    expect(await page.text()).toMatch(/<script type="module"/);
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGTERM");
    await ended;
  }
}, 120_000);
