import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, createEngines } from "../testing/engines.ts";
import type { EmbeddedEngine } from "./embedded.ts";

const engines = createEngines();
let engine: EmbeddedEngine;

beforeAll(async () => {
  engine = await engines.start({ database: "odd `name" });
  await engine.ready();
  await engine.client.command({ query: "CREATE TABLE records (n UInt8) ENGINE = MergeTree ORDER BY n" });
  await engine.client.insert({ table: "records", values: [{ n: 1 }, { n: 2 }], format: "JSONEachRow" });
});
afterAll(engines.close);

test.each([
  "DROP TABLE records",
  "TRUNCATE TABLE records",
  "ALTER TABLE records DELETE WHERE 1",
  "CREATE TABLE more (n UInt8) ENGINE = Memory",
  "CREATE TEMPORARY TABLE more (n UInt8)",
  "CREATE DATABASE more",
  "INSERT INTO records VALUES (3)",
  "INSERT INTO FUNCTION file('/tmp/polylog-viewer', 'CSV', 'n UInt8') VALUES (3)",
  "SELECT * FROM file('/etc/passwd', 'LineAsString')",
  "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
  "SELECT * FROM s3('http://127.0.0.1:1/bucket/key', 'LineAsString')",
  "SELECT * FROM remote('127.0.0.1', 'system.one')",
  "SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
  "SELECT * FROM executable('/bin/true', 'TSV', 'n UInt8')",
  "SELECT 1 INTO OUTFILE '/tmp/polylog-viewer'",
  "SELECT * FROM system.users",
  "SELECT * FROM system.server_settings",
  "SYSTEM STOP LISTEN HTTP",
  "SYSTEM STOP MERGES records",
  "SYSTEM SHUTDOWN",
  "BACKUP TABLE records TO File('/tmp/polylog-viewer')",
  "SELECT 1 SETTINGS readonly = 0",
  "SELECT 1 SETTINGS allow_ddl = 1",
  "SELECT 1 SETTINGS max_execution_time = 61",
  "SELECT 1 SETTINGS max_execution_time = 0",
  "SELECT 1 SETTINGS max_memory_usage = 0",
  "SELECT 1 SETTINGS max_memory_usage = 100000000000",
  "SELECT 1 SETTINGS max_memory_usage_for_user = 0",
  "SELECT 1 SETTINGS max_result_rows = 0",
  "SELECT 1 SETTINGS max_threads = 1000",
])("the viewer is refused: %s", async (query) => {
  await expect(engine.viewer.ask({ query })).rejects.toMatchObject({
    type: expect.stringMatching(
      /^(ACCESS_DENIED|READONLY|QUERY_IS_PROHIBITED|INTO_OUTFILE_NOT_ALLOWED|SETTING_CONSTRAINT_VIOLATION)$/,
    ),
  });
});

test("nothing that the viewer tried has changed anything", async () => {
  expect(await ask(engine.client, "SELECT count() AS count FROM records")).toEqual([{ count: "2" }]);
});

test("the viewer reads the database, within limits that it may lower", async () => {
  expect(
    await ask(engine.viewer, "SELECT sum(n) AS sum FROM records SETTINGS max_execution_time = 5"),
  ).toEqual([{ sum: "3" }]);
  const tooLong = ask(
    engine.viewer,
    "SELECT count() FROM numbers(1e15) WHERE sipHash64(number) = 1 SETTINGS max_execution_time = 1",
  );
  await expect(tooLong).rejects.toMatchObject({ type: "TIMEOUT_EXCEEDED" });
});

test("a query may take as much memory as is told, and no byte more", async () => {
  const limit = engine.viewerMemoryBytes ?? 0;
  const query = (bytes: number) => `SELECT 1 AS one SETTINGS max_memory_usage = ${bytes}`;
  expect(await ask(engine.viewer, query(limit))).toEqual([{ one: 1 }]);
  await expect(ask(engine.viewer, query(limit + 1))).rejects.toMatchObject({
    type: "SETTING_CONSTRAINT_VIOLATION",
  });
});

test.each<[string, RequestInit & { path?: string }]>([
  ["without a login", {}],
  ["as default", { headers: { Authorization: `Basic ${btoa("default:")}` } }],
  ["as default by parameters", { path: "/?user=default&password=" }],
  ["as default by headers", { headers: { "X-ClickHouse-User": "default", "X-ClickHouse-Key": "" } }],
  ["with a wrong password", { headers: { Authorization: `Basic ${btoa("polylog:polylog")}` } }],
  [
    "with the right name and default by parameters",
    { path: "/?user=default", headers: { Authorization: `Basic ${btoa("polylog:x")}` } },
  ],
])("nobody on this machine gets in %s", async (_, { path = "/", ...init }) => {
  const answer = await fetch(`${engine.endpoint()?.url}${path}`, {
    method: "POST",
    body: "SELECT 1",
    ...init,
  });
  expect(answer.status).toBe(404);
});
