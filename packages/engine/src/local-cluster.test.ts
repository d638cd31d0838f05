import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startLocalCluster } from "./local-cluster.ts";
import { until } from "./testing/until.ts";

it("starts a node again that ends by itself", async () => {
  const directory = await mkdtemp(join(tmpdir(), "polylog-cluster-"));
  const cluster = await startLocalCluster({ directory, nodes: 1, memoryBytes: 1 << 30 });
  try {
    const [node] = cluster.nodes;
    const before = node?.pid() ?? null;
    if (before === null) throw new Error("no node runs");
    process.kill(before, "SIGABRT");
    const after = await until(() => (node?.pid() === before ? null : node?.pid()));
    expect(after).not.toBe(before);
  } finally {
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  }
});
