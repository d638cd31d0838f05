import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../engine.ts";
import { type LocalCluster, startLocalCluster } from "../local-cluster.ts";
import { ask } from "../testing/engines.ts";
import { until } from "../testing/until.ts";
import { connectRemoteEngine, type RemoteEngineOptions } from "./remote.ts";

let directory: string;
let cluster: LocalCluster;
const engines: Engine[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-cluster-"));
  cluster = await startLocalCluster({ directory, nodes: 3, memoryBytes: 1 << 30 });
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
});
afterAll(async () => {
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
});

function connect(different: Partial<RemoteEngineOptions> = {}): Engine {
  const urls = cluster.nodes.map(({ url }) => url);
  const engine = connectRemoteEngine({ urls, ...cluster.server, viewer: cluster.viewer, ...different });
  engines.push(engine);
  return engine;
}

/** The three names of a node's own table, and of what stands for those of all. */
async function createTables(engine: Engine): Promise<void> {
  for (const { client } of engine.nodes) {
    await client.command({ query: "CREATE OR REPLACE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n" });
    await client.command({
      query:
        "CREATE OR REPLACE TABLE polylog_all.t AS polylog.t ENGINE = Distributed(polylog, polylog, t, rand())",
    });
  }
}

describe("a cluster", () => {
  it("has a shard for each node, with tables of its own, and tables over all", async () => {
    const engine = connect();
    await engine.ready();
    expect(engine.nodes.map((node) => [node.name, node.shard(), node.isAnswering()])).toEqual(
      cluster.nodes.map(({ url }, index) => [url, index + 1, true]),
    );
    expect(engine.cluster).toMatchObject({ name: "polylog", database: "polylog_all" });
    expect(engine.cluster?.isReplicated()).toBe(false);
    await createTables(engine);
    for (const [index, { client }] of engine.nodes.entries()) {
      await client.insert({ table: "t", values: [{ n: index + 1 }], format: "JSONEachRow" });
    }
    for (const [index, { client }] of engine.nodes.entries()) {
      expect(await ask(client, "SELECT n FROM t")).toEqual([{ n: index + 1 }]);
    }
    for (const client of [engine.client, engine.viewer]) {
      expect(await ask(client, "SELECT n FROM t ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    }
  });

  it("is asked through each of its nodes in turn", async () => {
    const engine = connect();
    await engine.ready();
    const ports = new Set<unknown>();
    for (let i = 0; i < 3; i++) {
      const [row] = (await ask(engine.viewer, "SELECT getServerPort('http_port') AS port")) as {
        port: number;
      }[];
      ports.add(row?.port);
    }
    expect(ports.size).toBe(3);
  });

  it("goes on without a node, says which one is away, and has it again when it comes back", async () => {
    const engine = connect();
    await engine.ready();
    await createTables(engine);
    const [, gone] = cluster.nodes;
    if (gone === undefined) throw new Error("there is no second node");
    await gone.kill();
    await engine.cluster?.look();
    expect(engine.status()).toMatchObject({ state: "ready", away: [gone.url] });
    expect(engine.nodes.map((node) => node.isAnswering())).toEqual([true, false, true]);
    // What a node holds is the same while it is away, and a part that nobody has told of is counted, too.
    expect(engine.nodes.map((node) => node.shard())).toEqual([1, 2, 3]);
    const later = connect();
    await later.ready();
    expect(later.nodes.map((node) => node.shard())).toEqual([1, null, 3]);
    expect([engine, later].map(({ cluster }) => cluster?.shards())).toEqual([3, 3]);
    await expect(ask(engine.nodes[1]!.client, "SELECT 1")).rejects.toMatchObject({
      code: "POLYLOG_E_ENGINE_UNAVAILABLE",
    });
    for (let i = 0; i < 4; i++) expect(await ask(engine.viewer, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await gone.start();
    await until(() => engine.status().away.length === 0);
    expect(engine.nodes[1]?.shard()).toBe(2);
  });

  it.each<[string, Partial<RemoteEngineOptions>, RegExp]>([
    ["a name that the nodes don't know", { cluster: "other" }, /knows no cluster "other"/],
  ])("refuses %s", async (_, different, message) => {
    await expect(connect(different).ready()).rejects.toMatchObject({
      code: "POLYLOG_E_ENGINE_REFUSED",
      message: expect.stringMatching(message),
      remedy: expect.stringContaining("--clickhouse-cluster"),
    });
  });

  it("refuses to go without some of its shards", async () => {
    const urls = cluster.nodes.slice(1).map(({ url }) => url);
    await expect(connect({ urls }).ready()).rejects.toMatchObject({
      code: "POLYLOG_E_ENGINE_REFUSED",
      message: expect.stringMatching(/has 3 shards, and 2 nodes are named/),
    });
  });

  it("refuses to go without some of its shards, though it is given enough addresses", async () => {
    const [first, second] = cluster.nodes.map(({ url }) => url) as [string, string];
    const urls = [first, second, second.replace("127.0.0.1", "localhost")];
    await expect(connect({ urls }).ready()).rejects.toMatchObject({
      code: "POLYLOG_E_ENGINE_REFUSED",
      message: 'No node is named of shard 3 of cluster "polylog"',
    });
  });
});

it("a node that is new to some of the others gets nothing yet, and questions go through it", async () => {
  const place = await mkdtemp(join(tmpdir(), "polylog-cluster-"));
  const growing = await startLocalCluster({
    ...{ directory: place, nodes: 3, memoryBytes: 1 << 30 },
    known: [2, 2, 3],
  });
  try {
    const urls = growing.nodes.map(({ url }) => url);
    const engine = connect({ urls, ...growing.server, viewer: growing.viewer });
    await engine.ready();
    expect(engine.nodes.map((node) => [node.isAnswering(), node.isKnown()])).toEqual([
      [true, true],
      [true, true],
      [true, false],
    ]);
    const port = new URL(urls[2] as string).port;
    for (const client of [engine.viewer, engine.viewer, engine.viewer, engine.client]) {
      const [row] = (await ask(client, "SELECT getServerPort('http_port') AS port")) as { port: number }[];
      expect(String(row?.port)).toBe(port);
    }
  } finally {
    await growing.stop();
    await rm(place, { recursive: true, force: true });
  }
});
