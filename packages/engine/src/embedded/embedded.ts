import { resolve } from "node:path";
import type { Credentials } from "../client.ts";
import type { Engine } from "../engine.ts";
import { EngineError } from "../errors.ts";
import { type EngineLog, silentLog } from "../log.ts";
import { stableClient, stableViewer } from "../stable-client.ts";
import { createStatusBoard, stopped, unusable } from "../status.ts";
import { openHome } from "./home.ts";
import { defaultMemoryBytes, viewerMemoryBytes } from "./memory.ts";
import { assertSupported, currentPlatform, findLibrary, type Platform } from "./platform.ts";
import { PULSE, type PulseTimes } from "./pulse.ts";
import { urlOf } from "./start.ts";
import { type Running, supervise } from "./supervise.ts";

export interface EmbeddedEngineOptions {
  /** Where the data lies. Created when missing; must be empty or an engine's. */
  readonly directory: string;
  /** @defaultValue `"polylog"` */
  readonly database?: string;
  /** Bytes that the engine may take in all. @defaultValue half of the machine's or container's, at most 4 GB */
  readonly memoryBytes?: number;
  /** Where backups are written to and read from. Without it there are none. */
  readonly backupDirectory?: string;
  /** How it is watched. @defaultValue {@link PULSE}: away after 10 s of silence, started again after 30 s */
  readonly pulse?: PulseTimes;
  readonly log?: EngineLog;
  /** @defaultValue the one this process runs on */
  readonly platform?: Platform;
}

/** Where an embedded engine listens, and as whom to log in. Changes when it has to be restarted on another port. */
export interface Endpoint {
  readonly url: string;
  readonly server: Credentials;
  readonly viewer: Credentials;
}

export interface EmbeddedEngine extends Engine {
  /** For another client on this machine; null until it was ready. Holds passwords: not for logs. */
  endpoint(): Endpoint | null;
}

/**
 * Starts ClickHouse as a child process that lives as long as this one, and starts it again when it crashes.
 * Returns at once: {@link Engine.ready} tells how it went.
 *
 * @example
 * const engine = startEmbeddedEngine({ directory: "/var/lib/polylog/engine" });
 * await engine.ready();
 * const answer = await engine.client.query({ query: "SELECT 1 AS one", format: "JSONEachRow" });
 * await answer.json(); // [{ one: 1 }]
 * await engine.stop();
 */
export function startEmbeddedEngine(options: EmbeddedEngineOptions): EmbeddedEngine {
  const { database = "polylog", memoryBytes = defaultMemoryBytes(), log = silentLog } = options;
  const directory = resolve(options.directory);
  const board = createStatusBoard("embedded");
  const stopping = new AbortController();
  let running: Running | null = null;
  let endpoint: Endpoint | null = null;

  async function live(): Promise<void> {
    assertSupported(options.platform ?? currentPlatform());
    const library = findLibrary();
    const home = await openHome(directory, library.version);
    try {
      await supervise({
        home,
        directory,
        library: library.path,
        database,
        memoryBytes,
        backupDirectory: options.backupDirectory === undefined ? undefined : resolve(options.backupDirectory),
        pulse: options.pulse ?? PULSE,
        log,
        board,
        signal: stopping.signal,
        onRunning(now) {
          running = now;
          if (now !== null) endpoint = { url: urlOf(now.port), ...now.users };
        },
      });
    } finally {
      await home.close();
    }
  }

  const lived = live().catch((error: unknown) => {
    const cause = error instanceof Error ? error : new Error(String(error));
    log.error("The engine can't run", { error: cause.message, code: codeOf(cause) });
    board.update({ state: "failed", error: cause, pid: null });
  });

  function current(): Running {
    if (stopping.signal.aborted) throw stopped();
    if (running === null) throw unusable(board.current());
    return running;
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await lived;
    board.update({ state: "stopped", pid: null });
  }

  const client = stableClient({ current: () => current().client });
  return {
    database,
    nodes: [
      {
        ...{ name: "embedded", client, shard: () => 1, isKnown: () => true },
        isAnswering: () => board.current().state === "ready",
      },
    ],
    cluster: null,
    client,
    viewer: stableViewer({ current: () => current().viewer }),
    viewerMemoryBytes: viewerMemoryBytes(memoryBytes),
    status: board.current,
    onStatus: board.subscribe,
    ready: (timeout = 60_000) => board.whenReady(timeout),
    stop,
    endpoint: () => endpoint,
  };
}

function codeOf(error: Error): string | undefined {
  return error instanceof EngineError ? error.code : undefined;
}
