import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedEngine, startEmbeddedEngine } from "@polylog/engine";
import type { Logger } from "../../log.ts";
import { openStore, type Store } from "../store.ts";

const ignore = (): void => {};
export const silentLog: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** A store with an engine of its own, in a directory that goes with it. */
export interface TestStore {
  readonly engine: EmbeddedEngine;
  readonly store: Store;
  rows<T = Record<string, unknown>>(query: string, parameters?: Record<string, unknown>): Promise<T[]>;
  close(): Promise<void>;
}

/** An engine without tables, for tests of what comes before them. */
export async function startTestEngine(): Promise<{ engine: EmbeddedEngine; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "polylog-store-"));
  const engine = startEmbeddedEngine({ directory, memoryBytes: 1 << 30 });
  return {
    engine,
    async close() {
      await engine.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function openTestStore(retentionDays = 30): Promise<TestStore> {
  const { engine, close } = await startTestEngine();
  const store = await openStore(engine, { retentionDays, log: silentLog });
  return {
    engine,
    store,
    async rows<T>(query: string, parameters: Record<string, unknown> = {}) {
      const answer = await engine.client.query({ query, query_params: parameters, format: "JSONEachRow" });
      return answer.json<T>();
    },
    close,
  };
}
