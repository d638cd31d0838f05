import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRemoteEngine } from "@polylog/engine";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type LocalCluster, startLocalCluster } from "../../../engine/src/local-cluster.ts";
import { MIGRATIONS } from "./migrations.ts";
import { openStore } from "./store.ts";
import { silentLog } from "./testing/store.ts";

let directory: string;
let cluster: LocalCluster;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-together-"));
  cluster = await startLocalCluster({ directory, nodes: 2, memoryBytes: 1 << 30 });
});
afterEach(async () => {
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
});

it("servers that start at once on empty nodes each have their tables there", async () => {
  const { nodes, server, viewer } = cluster;
  const engines = [1, 2, 3].map(() =>
    connectRemoteEngine({ urls: nodes.map(({ url }) => url), ...server, viewer }),
  );
  try {
    await Promise.all(engines.map((engine) => engine.ready()));
    const stores = await Promise.all(
      engines.map((engine) => openStore(engine, { retentionDays: 30, log: silentLog })),
    );
    for (const store of stores) await expect.poll(() => store.nodes.usable().length).toBe(2);
    for (const { client } of engines[0]?.nodes ?? []) {
      const answer = await client.query({
        query: `SELECT max(Version) AS version, (SELECT count() FROM system.tables WHERE name = 'log_fields_mv') AS former
          FROM schema_migrations`,
        format: "JSONEachRow",
      });
      expect(await answer.json()).toEqual([{ version: MIGRATIONS.length, former: "0" }]);
    }
    for (const store of stores) store.nodes.stop();
  } finally {
    await Promise.all(engines.map((engine) => engine.stop()));
  }
});
