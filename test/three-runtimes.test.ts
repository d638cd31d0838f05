import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, type TestContext } from "vitest";
import { buildAddon } from "./native-addon.ts";
import { poll } from "./poll.ts";
import { findPython } from "./python.ts";
import { MAIN, ROOT, type ServerProcess, startServerProcess } from "./server-process.ts";

/** examples/one-process-three-runtimes: what one request leaves, as lines, as JSON and in a server. */
const LIMIT = 400_000;
const TRACE = "5b8efff798038103d269b633813fc60c";
const folder = mkdtempSync(join(tmpdir(), "polylog-three-runtimes-"));
const python = findPython();
/** What is missing to run it here. */
let missing: string | undefined;
let addon = "";
let server: ServerProcess | undefined;

beforeAll(async () => {
  const built = buildAddon("polylog-example-addon");
  missing = "missing" in python ? python.missing : built.reason;
  if (missing !== undefined) return;
  addon = built.path ?? "";
  server = await startServerProcess();
}, LIMIT);

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the service, asks it for a receipt, stops it; the file it has logged into. */
async function ask(context: TestContext, format: "text" | "json"): Promise<string> {
  if (missing !== undefined) {
    console.warn(`examples/one-process-three-runtimes is skipped: ${missing}`);
    context.skip(missing);
  }
  const child = spawn("npm", ["start", "--silent"], {
    cwd: join(ROOT, "examples/one-process-three-runtimes"),
    // In a group of its own: npm doesn't pass signals on.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      ...{ PORT: "0", NO_COLOR: "1", SHOP_CORE: addon, POLYLOG_APP_ID: "shop" },
      ...{ POLYLOG_FORMAT: format, POLYLOG_STREAM: "stderr", POLYLOG_ENDPOINT: server!.address },
      ...("program" in python && { SHOP_PYTHON: python.program }),
    },
  });
  let printed = "";
  child.stderr.on("data", (chunk) => {
    printed += chunk;
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    const port = await poll("the service says its port", () => {
      if (child.exitCode !== null) throw new Error(printed);
      return /(?:port=|"port":)(\d+)/.exec(printed)?.[1];
    });
    const answer = await fetch(`http://localhost:${port}/orders/7`, {
      headers: { traceparent: `00-${TRACE}-eee19b7ec3c1b174-01` },
    });
    expect(await answer.text(), printed).toBe("Order 7: 17.50 EUR\n");
    await poll("the request is logged", () => printed.includes("GET /orders/7 200"));
  } finally {
    stop(child);
    await ended;
  }
  const file = join(folder, `${format}.log`);
  writeFileSync(file, printed);
  return file;
}

function stop({ pid, exitCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null) process.kill(-pid, "SIGTERM");
}

/** What a command finds, line by line. */
function linesOf(command: string, ...words: string[]): string[] {
  const { stdout, stderr, error } = spawnSync(command, words, {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", POLYLOG_SERVER: server!.address },
  });
  expect(error, stderr).toBeUndefined();
  return stdout.split("\n").filter((line) => line !== "");
}

it(
  "grep finds each runtime's lines of the request, with one invocation and one trace",
  async (context) => {
    const file = await ask(context, "text");
    const requests = linesOf("grep", TRACE, file);
    const invocation = /\[([0-9a-f-]{36})\]/.exec(requests[0] ?? "")?.[1];
    expect(invocation).toBeDefined();
    for (const line of requests) {
      expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO {2}\[[NRP]\] shop \[/);
      expect(line).toContain(`[${invocation}] `);
    }
    const found = (tag: string) =>
      linesOf("grep", `\\[${tag}\\]`, file).filter((line) => line.includes(TRACE));
    expect(found("R").join("\n")).toMatch(/ polylog_example_addon priced .*cents=1750/);
    expect(found("P").join("\n")).toMatch(/ receipts\.writer wrote a receipt .*cents=1750/);
    expect(found("N").join("\n")).toMatch(/ http GET \/orders\/7 200 /);
    expect(requests).toHaveLength(found("R").length + found("P").length + found("N").length);
  },
  LIMIT,
);

it(
  "jq finds the Rust part, and so does polylog search",
  async (context) => {
    const file = await ask(context, "json");
    if (spawnSync("jq", ["--version"]).error === undefined) {
      const found = linesOf("jq", "-c", 'select(.system=="rust")', file).map((line) => JSON.parse(line));
      expect(found).toMatchObject([{ logger: "polylog_example_addon", message: "priced", trace_id: TRACE }]);
    } else {
      console.warn("jq isn't there: its line of the README isn't tried");
    }

    for (const [runtime, message] of [
      ["rust", "priced"],
      ["python", "wrote a receipt"],
      ["node", "asked for a receipt"],
    ] as const) {
      const query = `runtime:${runtime} trace:${TRACE} "${message}"`;
      await poll(
        `${runtime}'s records are stored`,
        async () => (await server!.search(query)).rows.length > 0,
      );
      const found = linesOf(process.execPath, MAIN, "search", query, "--since", "1h", "--json");
      expect(found.length, query).toBeGreaterThan(0);
      for (const line of found) expect(line).toContain(message);
    }
  },
  LIMIT,
);
