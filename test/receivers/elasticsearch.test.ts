import { Client } from "@elastic/elasticsearch";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { findAll } from "./find-all.ts";

/** Elasticsearch's own client, which looks whom it talks to, against the whole server. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 10_000;
const START = Date.parse("2025-11-21T10:41:07Z");

it("@elastic/elasticsearch: all documents are found again, with time, severity, text and fields", async () => {
  const client = new Client({ node: server.address, compression: true });
  expect(await client.ping()).toBe(true);
  expect((await client.info()).version.number).toMatch(/^8\./);
  await client.indices.putIndexTemplate({ name: "shop", index_patterns: ["shop-*"] });
  await client.indices.create({ index: "shop-1" });
  const dropped: unknown[] = [];
  const outcome = await client.helpers.bulk({
    datasource: Array.from({ length: RECORDS }, (_, i) => ({
      "@timestamp": new Date(START + i).toISOString(),
      log: { level: "warn", logger: "shop.orders" },
      message: `order ${i} is late`,
      service: { name: "bulk-shop" },
      host: { name: "web-1" },
      order: `id-${i}`,
      customer: { name: "Zoë" },
    })),
    onDocument: () => ({ create: { _index: "shop-1" } }),
    onDrop: (document) => dropped.push(document),
  });
  expect(outcome).toMatchObject({ total: RECORDS, successful: RECORDS, failed: 0 });
  expect(dropped).toEqual([]);
  expect(
    await client.index({ index: "shop-1", document: { message: "one", service: "single" } }),
  ).toMatchObject({
    result: "created",
  });
  await client.close();

  const rows = await findAll(server, "service:bulk-shop", RECORDS);
  expect(rows).toHaveLength(RECORDS);
  expect(new Set(rows.map((row) => row.attributes.order)).size).toBe(RECORDS);
  expect(rows[7]).toMatchObject({
    timestamp: "2025-11-21T10:41:07.007000000Z",
    level: "warn",
    severityText: "warn",
    logger: "shop.orders",
    host: "web-1",
    body: "order 7 is late",
    receiver: "elasticsearch",
    attributes: { order: "id-7", "customer.name": "Zoë", "elasticsearch.index": "shop-1" },
  });
  expect(await findAll(server, "service:single", 1)).toMatchObject([{ body: "one" }]);
});

it.each<["GET" | "HEAD", Record<string, string>]>([
  ["GET", { accept: "text/html,*/*;q=0.8" }],
  ["GET", {}],
  ["HEAD", {}],
])("%s / with %j is still answered with the page", async (method, headers) => {
  const page = await fetch(`${server.address}/`, { method, headers });
  expect([page.status, page.headers.get("content-type")]).toEqual([
    200,
    expect.stringContaining("text/html"),
  ]);
});
