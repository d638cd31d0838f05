import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRemoteEngine, type Engine, startEmbeddedEngine } from "@polylog/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LocalCluster, startLocalCluster } from "../../../engine/src/local-cluster.ts";
import { openStore, type Store } from "./store.ts";
import { insertLogs } from "./testing/insert.ts";
import { logRecord } from "./testing/records.ts";
import { silentLog } from "./testing/store.ts";

const MEMORY = 1 << 30;
const OPTIONS = { retentionDays: 30, log: silentLog };

/** A node whose directory was that of an engine of our own, which was killed in a flood. */
let directory: string;
let cluster: LocalCluster;
let engine: Engine;
let store: Store;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-taken-over-"));
  const own = startEmbeddedEngine({ directory: join(directory, "node-1"), memoryBytes: MEMORY });
  const before = await openStore(own, OPTIONS);
  await own.client.command({
    query:
      "ALTER TABLE otel_logs MODIFY SETTING min_parts_to_merge_at_once = 64, exclude_materialize_skip_indexes_on_merge = 'idx_body'",
  });
  await insertLogs({ engine: own }, [logRecord({ body: "before" })]);
  await own.client.command({ query: "OPTIMIZE TABLE otel_logs FINAL" });
  before.nodes.stop();
  await own.stop();
  cluster = await startLocalCluster({ directory, nodes: 1, memoryBytes: MEMORY });
  const { nodes, server, viewer } = cluster;
  engine = connectRemoteEngine({ urls: nodes.map(({ url }) => url), ...server, viewer });
  store = await openStore(engine, OPTIONS);
});
afterAll(async () => {
  store?.nodes.stop();
  await engine?.stop();
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function rows<T>(query: string): Promise<T[]> {
  return (await engine.client.query({ query, format: "JSONEachRow" })).json<T>();
}

it("merges are left to a ClickHouse of others", async () => {
  const fitted =
    "engine_full LIKE '%min_parts_to_merge_at_once%' OR engine_full LIKE '%skip_indexes_on_merge%'";
  const tables = `SELECT name FROM system.tables WHERE database = currentDatabase() AND (${fitted})`;
  expect(await rows(tables)).toEqual([]);
});

it("the indexes are built there that merges had left out", async () => {
  const sizes =
    "SELECT toFloat64(data_compressed_bytes) AS bytes FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 'otel_logs' AND name = 'idx_body'";
  await expect.poll(async () => (await rows<{ bytes: number }>(sizes))[0]?.bytes).toBeGreaterThan(0);
});

it("what other tools insert there is counted", async () => {
  await engine.client.insert({
    table: "otel_logs",
    values: [{ Timestamp: "2026-01-02 03:04:05", LogAttributes: { by: "another tool" } }],
    format: "JSONEachRow",
  });
  expect(await rows("SELECT Value, sum(Count) AS n FROM log_fields WHERE Key = 'by' GROUP BY Value")).toEqual(
    [{ Value: "another tool", n: "1" }],
  );
});
