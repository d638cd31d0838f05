import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepare } from "./build.mjs";
import { installApart } from "./install-apart.mjs";
import { fail, requireNode } from "./workspace.mjs";

/**
 * `npm run test:node-versions`: runs the built SDK on the oldest Node.js it is for and on the newest of each later line.
 * npm has them as packages with nothing in them but the program.
 */
requireNode();
await prepare({ targets: ["sdk"] });
const smoke = fileURLToPath(new URL("./node-versions/smoke.mjs", import.meta.url));
const folder = installApart(
  new URL("./node-versions/", import.meta.url),
  "node-versions",
  "Node.js 20, 22 and 24",
);
const programs = readdirSync(join(folder, "node_modules"))
  .filter((name) => name.startsWith("node-"))
  .map((name) =>
    join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node"),
  );
if (programs.length === 0) fail(`npm has no Node.js for ${process.platform} on ${process.arch}.`);

/** How a process is told to end, and how it then has to. */
const ENDINGS = { exit: [7, null], SIGTERM: [null, "SIGTERM"] };
/** Two lines before the burst. */
const LINES = 1_002;

for (const program of programs) {
  const version = spawnSync(program, ["--version"], { encoding: "utf8" }).stdout.trim();
  for (const [ending, [status, signal]] of Object.entries(ENDINGS)) {
    const scratch = mkdtempSync(join(tmpdir(), "polylog-node-"));
    const file = join(scratch, "smoke.log");
    const ended = spawnSync(program, [smoke, file, ending], { encoding: "utf8", timeout: 30_000 });
    if (ended.status !== status || ended.signal !== signal)
      fail(`the SDK fails on Node.js ${version}:\n${ended.stderr}`);
    const lines = readFileSync(file, "utf8").split("\n").length - 1;
    rmSync(scratch, { recursive: true });
    if (lines !== LINES)
      fail(`on Node.js ${version}, ${LINES - lines} of ${LINES} lines are lost at ${ending}`);
  }
  console.log(`the SDK runs on Node.js ${version}`);
}
