import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { childrenOf, residentMegabytes } from "../process.mjs";
import { median } from "../report.mjs";
import { serve } from "../serve.mjs";

/** Milliseconds after the start: memory is given back some seconds after the last work, and after the last garbage. */
const SOON = 5_000;
const LATER = 30_000;

/** Resident memory of server and engine together, fresh and idle. Linux only. */
export async function run({ isQuick, report }) {
  const rounds = isQuick ? 1 : 5;
  const soon = [];
  const later = [];
  const starts = [];
  for (let round = 0; round < rounds; round++) {
    const data = mkdtempSync(join(tmpdir(), "polylog-bench-"));
    const start = performance.now();
    const server = await serve(["--data", data]);
    starts.push(performance.now() - start);
    try {
      await setTimeout(SOON);
      soon.push(memoryOf(server.pid));
      await setTimeout(LATER - SOON);
      later.push(memoryOf(server.pid));
    } finally {
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    }
  }
  for (const [when, all] of [
    ["", soon],
    [", half a minute later", later],
  ]) {
    const medianOf = (part) => median(all.map((memory) => memory[part]));
    report.add(`server${when}`, medianOf("server"), "MB");
    report.add(`engine${when}`, medianOf("engine"), "MB");
    report.add(`together${when}`, medianOf("both"), "MB", { bar: 400 });
  }
  report.add("start until ready", median(starts), "ms");
}

/** Megabytes of server and engine; what both map of Node itself counts twice. */
function memoryOf(pid) {
  const server = residentMegabytes(pid);
  const engine = childrenOf(pid).reduce((sum, child) => sum + residentMegabytes(child), 0);
  return { server, engine, both: server + engine };
}
