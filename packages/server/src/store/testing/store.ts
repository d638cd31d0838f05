import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRemoteEngine, type Engine, startEmbeddedEngine } from "@polylog/engine";
import { startLocalCluster } from "../../../../engine/src/local-cluster.ts";
import type { Logger } from "../../log.ts";
import { openStore, type Store } from "../store.ts";

const ignore = (): void => {};
export const silentLog: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** A store with an engine of its own, in a directory that goes with it. */
export interface TestStore {
  readonly engine: Engine;
  readonly store: Store;
  /** What is in all tables, on all nodes. */
  rows<T = Record<string, unknown>>(query: string, parameters?: Record<string, unknown>): Promise<T[]>;
  /** Does something to the own tables of each node. */
  command(query: string): Promise<void>;
  close(): Promise<void>;
}

/** Nodes of the store: the project `cluster` of the tests has the same suites run on several. */
const NODES = Number(process.env.POLYLOG_TEST_NODES ?? 1);

/** An engine without tables, for tests of what comes before them. */
export async function startTestEngine(nodes = NODES): Promise<{ engine: Engine; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "polylog-store-"));
  const { engine, stop } = await (nodes > 1 ? startNodes(directory, nodes) : startOne(directory));
  return {
    engine,
    async close() {
      await engine.stop();
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Started {
  readonly engine: Engine;
  stop(): Promise<void>;
}

async function startOne(directory: string): Promise<Started> {
  return { engine: startEmbeddedEngine({ directory, memoryBytes: 1 << 30 }), stop: async () => {} };
}

async function startNodes(directory: string, count: number): Promise<Started> {
  const { nodes, server, viewer, stop } = await startLocalCluster({
    directory,
    nodes: count,
    memoryBytes: 1 << 30,
  });
  return { engine: connectRemoteEngine({ urls: nodes.map(({ url }) => url), ...server, viewer }), stop };
}

export async function openTestStore(retentionDays = 30, nodes = NODES): Promise<TestStore> {
  const { engine, close } = await startTestEngine(nodes);
  const store = await openStore(engine, { retentionDays, log: silentLog });
  return {
    engine,
    store,
    async rows<T>(query: string, parameters: Record<string, unknown> = {}) {
      const answer = await engine.client.query({ query, query_params: parameters, format: "JSONEachRow" });
      return answer.json<T>();
    },
    async command(query) {
      await Promise.all(engine.nodes.map(({ client }) => client.command({ query })));
    },
    async close() {
      store.nodes.stop();
      await close();
    },
  };
}
