import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import {
  type EmbeddedEngine,
  type EmbeddedEngineOptions,
  startEmbeddedEngine,
} from "../embedded/embedded.ts";
import type { Viewer } from "../viewer.ts";

/** Directories and engines of a test, put away after it. */
export interface Engines {
  directory(): Promise<string>;
  /** Starts an engine, in a directory of its own unless one is given. */
  start(options?: Partial<EmbeddedEngineOptions>): Promise<EmbeddedEngine>;
  close(): Promise<void>;
}

export function createEngines(): Engines {
  const engines: EmbeddedEngine[] = [];
  const directories: string[] = [];

  async function directory(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), "polylog-engine-"));
    directories.push(path);
    return path;
  }

  async function start(options: Partial<EmbeddedEngineOptions> = {}): Promise<EmbeddedEngine> {
    const engine = startEmbeddedEngine({ directory: options.directory ?? (await directory()), ...options });
    engines.push(engine);
    return engine;
  }

  async function close(): Promise<void> {
    await Promise.all(engines.splice(0).map((engine) => engine.stop()));
    await Promise.all(directories.splice(0).map((path) => rm(path, { recursive: true, force: true })));
  }

  return { directory, start, close };
}

/** The rows of an answer. */
export async function ask(client: ClickHouseClient | Viewer, query: string): Promise<unknown[]> {
  if ("ask" in client) {
    const lines = String(await client.ask({ query: `${query}\nFORMAT JSONEachRow` })).split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
  }
  const answer = await client.query({ query, format: "JSONEachRow" });
  return answer.json();
}
