import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { poll } from "./poll.ts";
import { ROOT, type ServerProcess, startServerProcess } from "./server-process.ts";

/**
 * The README is run as it stands: each line of its `sh` blocks, in order, in the checkout, against one server.
 * Only the port differs, because 4318 may be taken where the tests run.
 */
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const COMMANDS = [...README.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap((block) =>
  (block[1] ?? "").split("\n").filter((line) => line !== ""),
);

/** What each command must print, or the way it has to be run when it doesn't end by itself. */
const EXPECTED: Readonly<Record<string, RegExp | "serves" | "is this run" | "follows">> = {
  "npm start": "serves",
  "npm test": "is this run",
  curl: /"accepted":1/,
  "npx polylog search": /"body":"card declined"/,
  "npx polylog run": /ready/,
  "npx polylog import": /\d+ records/,
  "npx polylog tail": "follows",
};

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

function run(command: string, environment: Readonly<Record<string, string>> = {}) {
  const port = new URL(server.address).port;
  // In a group of its own: npm and npx don't pass signals on to what they started.
  const child = spawn("sh", ["-c", command.replaceAll("4318", port)], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", POLYLOG_SERVER: server.address, ...environment },
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    output: () => output,
    ended,
    async interrupt(): Promise<void> {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
      await ended;
    },
  };
}

describe("the README", () => {
  it("begins with the two commands", () => {
    expect(COMMANDS.slice(0, 2)).toEqual(["npm start", "npm test"]);
  });

  it("links only to files that are there", () => {
    const links = [...README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? "");
    expect(links.filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
  });

  it.each(COMMANDS.map((command) => [command]))("%s", async (command) => {
    const key = Object.keys(EXPECTED).find((start) => command.startsWith(start));
    const expected = key === undefined ? undefined : EXPECTED[key];
    if (expected === undefined) throw new Error(`README.md has a command that no test knows: ${command}`);
    if (expected === "is this run") return;
    if (expected === "serves") return serves(command);
    if (expected === "follows") return follows(command);
    const process = run(command);
    expect(await process.ended, process.output()).toBe(0);
    expect(process.output()).toMatch(expected);
  });
});

async function serves(command: string): Promise<void> {
  // `./data` of the README would stay in the checkout.
  const data = join(server.dataDirectory, "readme");
  const process = run(
    command.replace("--port 5000", "--port 0").replace("./data", `${data}-flags`),
    command.includes("--port") ? {} : { POLYLOG_PORT: "0", POLYLOG_GRPC_PORT: "0", POLYLOG_DATA: data },
  );
  try {
    const address = await poll(
      "the address is printed",
      () => /http:\/\/[\d.]+:\d+/.exec(process.output())?.[0],
    );
    await poll("it is ready", async () => (await fetch(`${address}/readyz`)).ok);
    expect(process.output()).not.toContain("Building");
  } finally {
    await process.interrupt();
  }
}

async function follows(command: string): Promise<void> {
  const process = run(command);
  try {
    // A record is sent until it is seen: the tail shows what arrives after it has connected.
    await poll("the record is followed", async () => {
      await fetch(`${server.address}/v1/jsonl`, {
        method: "POST",
        body: '{"level":"error","message":"followed live"}',
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      return process.output().includes("followed live");
    });
  } finally {
    await process.interrupt();
  }
}
