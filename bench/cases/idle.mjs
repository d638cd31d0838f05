import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childrenOf, residentMegabytes } from "../process.mjs";
import { median } from "../report.mjs";
import { serve } from "../serve.mjs";

/** Resident memory of server and engine together, fresh and idle, a few seconds after the start. Linux only. */
export async function run({ isQuick, report }) {
  const rounds = isQuick ? 1 : 5;
  const servers = [];
  const engines = [];
  const starts = [];
  for (let round = 0; round < rounds; round++) {
    const data = mkdtempSync(join(tmpdir(), "polylog-bench-"));
    const start = performance.now();
    const server = await serve(["--data", data]);
    starts.push(performance.now() - start);
    try {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      servers.push(residentMegabytes(server.pid));
      engines.push(childrenOf(server.pid).reduce((sum, pid) => sum + residentMegabytes(pid), 0));
    } finally {
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    }
  }
  const totals = servers.map((value, i) => value + engines[i]);
  report.add("server", median(servers), "MB");
  report.add("engine", median(engines), "MB");
  report.add("together", median(totals), "MB", { bar: 400 });
  report.add("start until ready", median(starts), "ms");
}
