import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LocalCluster, startLocalCluster } from "../packages/engine/src/local-cluster.ts";
import { ROOT, type ServerProcess, startServerProcess } from "./server-process.ts";

/** A node as docs/cluster.md configures it, but for the objects, which are in a folder. */
let directory: string;
let cluster: LocalCluster;
let server: ServerProcess;
let section: string;
beforeAll(async () => {
  const text = await readFile(join(ROOT, "docs/cluster.md"), "utf8");
  section = /^## Old records on object storage$(.+?)^## /ms.exec(text)?.[1] ?? "";
  directory = await mkdtemp(join(tmpdir(), "polylog-tiers-"));
  const folder = `<type>object_storage</type><object_storage_type>local</object_storage_type><metadata_type>local</metadata_type><path>${directory}/objects/</path>`;
  const configuration = block("xml")
    .replace(/<type>s3<.+?(?=<\/objects>)/s, folder)
    // For tables that are there already.
    .replace(/<merge_tree>.+<\/merge_tree>/, "");
  cluster = await startLocalCluster({ directory, nodes: 1, memoryBytes: 1 << 30 });
  await cluster.nodes[0]?.kill();
  const place = join(directory, "node-1", "config", "config.d");
  await mkdir(place, { recursive: true });
  await writeFile(join(place, "objects.xml"), configuration);
  await cluster.nodes[0]?.start();
  const { server: user, nodes } = cluster;
  server = await startServerProcess({
    flags: [
      "--log-level",
      "off",
      "--engine",
      "clickhouse",
      "--clickhouse-url",
      nodes[0]!.url,
      "--clickhouse-user",
      user.username,
    ],
    environment: { POLYLOG_CLICKHOUSE_PASSWORD: user.password },
  });
});
afterAll(async () => {
  await server?.stop();
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** @param index which of those in this language, from 0 */
function block(language: string, index = 0): string {
  return (
    [...section.matchAll(/^```(\w+)\n(.+?)^```$/gms)].filter(([, name]) => name === language)[index]?.[2] ??
    ""
  );
}

async function ask(query: string): Promise<string> {
  const { url } = cluster.nodes[0]!;
  const { username, password } = cluster.server;
  const headers = { authorization: `Basic ${btoa(`${username}:${password}`)}` };
  const answer = await fetch(url, { method: "POST", headers, body: query });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

async function run(statements: string): Promise<void> {
  for (const statement of statements.split(";\n").filter((one) => one.trim() !== "")) await ask(statement);
}

it("the documented job moves all but a week to object storage, where it is found as before", async () => {
  const DAY = 86_400_000;
  const lines = [0, 6, 8, 20].map((days) =>
    JSON.stringify({ time: Date.now() - days * DAY, message: `of ${days} days ago` }),
  );
  await fetch(`${server.address}/v1/jsonl`, { method: "POST", body: lines.join("\n") });
  await run(block("sql"));
  await run(await ask(block("sql", 1)));
  const places =
    "SELECT disk_name, sum(rows) FROM system.parts WHERE active AND table = 'otel_logs' AND database = 'polylog' GROUP BY ALL ORDER BY ALL FORMAT TSV";
  expect(await ask(places)).toBe("cached\t2\ndefault\t2\n");
  expect((await server.search("days")).rows.map(({ body }) => body)).toEqual([
    ...["of 0 days ago", "of 6 days ago", "of 8 days ago", "of 20 days ago"],
  ]);
});
