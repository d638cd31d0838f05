import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createShiftedClock } from "./clock.ts";
import { clusterFaults } from "./cluster-faults.ts";
import { createDisk } from "./disk.ts";
import { createVictim } from "./server.ts";
import type { OwnStage } from "./stage.ts";

/** As it is built, like the server: the nodes run a program of its own. */
const BUILT = pathToFileURL(join(process.cwd(), "packages/engine/dist/local-cluster.js")).href;
type LocalClusters = typeof import("../../packages/engine/src/local-cluster.ts");

const NODES = 3;
const THREADS = 2;
/** Records of which a request is large enough for the threads. */
const LARGE = 2_000;

/** A server on a cluster of its own, which decodes large requests on threads. */
export async function createClusterStage(): Promise<OwnStage> {
  const { startLocalCluster } = (await import(BUILT)) as LocalClusters;
  const directory = mkdtempSync(join(tmpdir(), "polylog-oracle-nodes-"));
  const cluster = await startLocalCluster({ directory, nodes: NODES, memoryBytes: 1 << 30 });
  const disk = createDisk();
  const clock = createShiftedClock(disk.directory);
  const dataDirectory = join(disk.directory, "data");
  mkdirSync(dataDirectory);
  const victim = await createVictim({
    dataDirectory,
    environment: { ...clock.environment, POLYLOG_CLICKHOUSE_PASSWORD: cluster.server.password },
    flags: [
      ...["--engine", "clickhouse", "--clickhouse-url", cluster.nodes.map(({ url }) => url).join(",")],
      ...["--clickhouse-user", cluster.server.username, "--decode-threads", String(THREADS)],
    ],
  });
  return {
    ...{ victim, disk, clock, faults: clusterFaults(cluster), largest: LARGE },
    async [Symbol.asyncDispose]() {
      await victim.kill();
      await cluster.stop();
      disk.remove();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
