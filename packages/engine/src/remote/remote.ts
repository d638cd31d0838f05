import type { ClickHouseClient } from "@clickhouse/client";
import { backoff } from "../backoff.ts";
import type { Credentials } from "../client.ts";
import type { Engine } from "../engine.ts";
import { type EngineLog, silentLog } from "../log.ts";
import { pause } from "../pause.ts";
import { stableClient } from "../stable-client.ts";
import { createStatusBoard, stopped, unusable } from "../status.ts";
import { createRing, type Ring } from "./ring.ts";
import { parseUrls } from "./urls.ts";

export interface RemoteEngineOptions extends Credentials {
  /** HTTP addresses, as `http://HOST:8123`. The first that answers is used; when it falls silent, the next. */
  readonly urls: readonly string[];
  /** Who asks on behalf of people. Without one, the server's user does, with `readonly = 2`. */
  readonly viewer?: Credentials;
  /** Created when missing. @defaultValue `"polylog"` */
  readonly database?: string;
  readonly log?: EngineLog;
}

/** Milliseconds between looks at servers that answer. */
const PERIOD = 5_000;
/** While none answers. */
const PAUSES = { first: 100, cap: 2_000 };

/**
 * Connects to ClickHouse servers that somebody else runs. A server that can't be reached is waited for, at the start
 * and later; a wrong password is final.
 *
 * @throws {@link EngineError} `POLYLOG_E_ENGINE_CONFIG` when a URL is wrong.
 * @example
 * const engine = connectRemoteEngine({ urls: ["http://a:8123", "http://b:8123"], username: "polylog", password });
 * await engine.ready();
 */
export function connectRemoteEngine(options: RemoteEngineOptions): Engine {
  const { database = "polylog", log = silentLog, viewer, username, password } = options;
  const urls = parseUrls(options.urls);
  const board = createStatusBoard("remote");
  const stopping = new AbortController();
  const ring = createRing(urls.map((url) => ({ url, database, server: { username, password }, viewer })));
  let wake = new AbortController();
  if (viewer === undefined) {
    log.warn("No viewer is given: questions of people are asked as the server's own user, read-only");
  }

  async function live(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      wake = new AbortController();
      const found = await ring.look(stopping.signal);
      if (stopping.signal.aborted) return;
      if (found.kind === "final" && board.current().state === "starting") throw found.error;
      failures = found.kind === "answered" ? 0 : failures + 1;
      tell(found);
      const wait = failures === 0 ? PERIOD : backoff(failures, PAUSES);
      await pause(wait, AbortSignal.any([stopping.signal, wake.signal]));
    }
  }

  function tell(found: Awaited<ReturnType<Ring["look"]>>): void {
    const { state, error } = board.current();
    if (found.kind === "answered") {
      if (state !== "ready") log.info("The engine is ready", { url: found.url, version: found.version });
      board.update({ state: "ready", version: found.version, error: null });
      return;
    }
    if (state === "ready") log.warn("No ClickHouse server answers", { error: found.error.message });
    board.update({
      state: state === "starting" ? "starting" : "restarting",
      // The same again is no news.
      error: error?.message === found.error.message ? error : found.error,
    });
  }

  const lived = live()
    .catch((error: unknown) => {
      const cause = error instanceof Error ? error : new Error(String(error));
      log.error("The engine can't be used", { error: cause.message });
      board.update({ state: "failed", error: cause });
    })
    .then(() => ring.close());

  function current(kind: "client" | "viewer"): ClickHouseClient {
    if (stopping.signal.aborted) throw stopped();
    const status = board.current();
    const node = ring.active();
    if (status.state !== "ready" || node === null) throw unusable(status);
    return node[kind];
  }

  function onConnectionError(client: ClickHouseClient): void {
    ring.passOver(client);
    wake.abort();
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await lived;
    board.update({ state: "stopped" });
  }

  return {
    database,
    client: stableClient({ current: () => current("client"), onConnectionError }),
    viewer: stableClient({ current: () => current("viewer"), onConnectionError }),
    viewerMemoryBytes: null,
    status: board.current,
    onStatus: board.subscribe,
    ready: (timeout = 60_000) => board.whenReady(timeout),
    stop,
  };
}
