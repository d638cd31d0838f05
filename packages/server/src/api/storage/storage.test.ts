import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { storageResponse, storageServicesResponse } from "../../contract/index.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { line } from "../testing/records.ts";

let api: TestApi;
let objects: string;
beforeAll(async () => {
  objects = await mkdtemp(join(tmpdir(), "polylog-objects-"));
  api = await startTestApi();
  const loud = Array.from({ length: 300 }, (_, i) =>
    line({ ago: i, service: "loud", body: `a long message about nothing in particular ${i} `.repeat(10) }),
  );
  await api.insertLogs([...loud, line({ ago: 5, service: "quiet" })]);
});
afterAll(async () => {
  await api.close();
  await rm(objects, { recursive: true, force: true });
});

it("tells tables, indexes, days and what retention takes", async () => {
  const storage = await api.get("/storage", storageResponse);
  expect(storage.bytes).toBeGreaterThan(0);
  expect(storage.disk?.freeBytes).toBeGreaterThan(0);
  const logs = storage.tables.find(({ name }) => name === "otel_logs");
  expect(logs?.rows).toBe(301);
  expect(logs?.indexes.map(({ name }) => name)).toContain("idx_body");
  expect(storage.days).toHaveLength(1);
  const [day] = storage.days;
  expect(day).toMatchObject({ day: "2026-11-20", logs: { rows: 301 }, spans: { rows: 0, bytes: 0 } });
  // 30 days after the newest of it came.
  expect(day?.expires).toBe(Date.parse("2026-12-20T12:00:00Z"));
  expect(storage.growth).toBeNull();
  expect(storage.retention).toEqual({ days: 30, rules: [], maxBytes: null });
});

it("tells each column's size once a part is large enough", async () => {
  for (const { client } of api.engine.nodes) {
    await client.command({ query: "ALTER TABLE otel_logs MODIFY SETTING min_bytes_for_wide_part = 0" });
    await client.command({ query: "OPTIMIZE TABLE otel_logs FINAL" });
  }
  const { tables } = await api.get("/storage", storageResponse);
  const logs = tables.find(({ name }) => name === "otel_logs");
  expect(logs?.columns.find(({ name }) => name === "Body")?.bytes).toBeGreaterThan(0);
});

it("tells the room on disks, and not that of object storage, which has no end", async () => {
  for (const [n, { client }] of api.engine.nodes.entries()) {
    const kind = "type = object_storage, object_storage_type = local, metadata_type = local";
    const disk = `name = 'a_store_${n}', ${kind}, path = '${objects}/${n}/'`;
    await client.command({
      query: `CREATE TABLE old (n UInt8) ENGINE = MergeTree ORDER BY n SETTINGS disk = disk(${disk})`,
    });
    await client.command({ query: "INSERT INTO old VALUES (1)" });
  }
  const { disk } = await api.get("/storage", storageResponse);
  expect(disk?.totalBytes).toBeGreaterThan(0);
  expect(disk?.totalBytes).toBeLessThan(1e18);
});

it("tells which services take the most", async () => {
  const { services, others, partial } = await api.get("/storage/services", storageServicesResponse);
  expect(services).toMatchObject([
    { service: "loud", logs: 300, spans: 0 },
    { service: "quiet", logs: 1, spans: 0 },
  ]);
  expect(services[0]?.bytes).toBeGreaterThan(300 * (services[1]?.bytes ?? 0));
  expect(others).toEqual({ services: 0, logs: 0, spans: 0, bytes: 0 });
  expect(partial).toBe(false);
});

it("sums up the services beyond the limit", async () => {
  const { services, others } = await api.get("/storage/services?limit=1", storageServicesResponse);
  expect(services).toHaveLength(1);
  expect(others).toMatchObject({ services: 1, logs: 1 });
});

it("names the nodes that are away, and refuses whoever asks for all", async () => {
  const nodes = { away: () => ["http://b:8123"], recheck: async () => {} };
  const app = await api.another({ nodes });
  const part = await app.inject("/api/v1/storage");
  expect(part.json()).toMatchObject({ partial: true, statistics: { nodesAway: ["http://b:8123"] } });
  expect((await api.get("/storage", storageResponse)).partial).toBe(false);
  const all = await app.inject("/api/v1/storage?nodes=all");
  expect(all.statusCode).toBe(503);
  expect(all.json()).toMatchObject({
    code: "POLYLOG_E_STORE_UNAVAILABLE",
    message: expect.stringContaining("http://b:8123"),
  });
});
