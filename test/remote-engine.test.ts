import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedEngine, startEmbeddedEngine } from "@polylog/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { poll } from "./poll.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** The server on a ClickHouse that somebody else runs: here another process, spoken to by its URL alone. */
let directory: string;
let clickhouse: EmbeddedEngine;
let server: ServerProcess;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-clickhouse-"));
  clickhouse = startEmbeddedEngine({ directory });
  await clickhouse.ready();
  const endpoint = clickhouse.endpoint();
  if (endpoint === null) throw new Error("the engine has no address");
  server = await startServerProcess({
    flags: [
      "--engine",
      "clickhouse",
      "--clickhouse-url",
      endpoint.url,
      "--clickhouse-user",
      endpoint.server.username,
    ],
    environment: { POLYLOG_CLICKHOUSE_PASSWORD: endpoint.server.password },
  });
});
afterAll(async () => {
  await server?.stop();
  await clickhouse?.stop();
  await rm(directory, { recursive: true, force: true });
});

it("takes records in and finds them", async () => {
  const body = '{"level":"info","message":"kept elsewhere","service":"remote"}';
  const sent = await fetch(`${server.address}/v1/jsonl`, { method: "POST", body });
  expect(sent.status).toBe(200);
  expect((await server.search("service:remote")).rows.map((row) => row.body)).toEqual(["kept elsewhere"]);
  const status = await (await fetch(`${server.address}/api/v1/status`)).json();
  expect(status.engine).toMatchObject({ kind: "remote", state: "ready" });
});

it("says so on /readyz when it goes away, and asks senders to come back", async () => {
  await clickhouse.stop();
  await poll("the server knows", async () => (await fetch(`${server.address}/readyz`)).status === 503);
  const answer = await fetch(`${server.address}/api/v1/logs`);
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
});
