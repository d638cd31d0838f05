import type { ClickHouseClient } from "@clickhouse/client";
import { backoff } from "../backoff.ts";
import type { Credentials } from "../client.ts";
import type { Engine, EngineNode } from "../engine.ts";
import { databaseOfAll } from "../identifier.ts";
import { type EngineLog, silentLog } from "../log.ts";
import { pause } from "../pause.ts";
import { stableClient, stableViewer } from "../stable-client.ts";
import { createStatusBoard, stopped, unusable } from "../status.ts";
import type { Viewer } from "../viewer.ts";
import type { Node } from "./node.ts";
import { createRing, type Ring } from "./ring.ts";
import { parseUrls } from "./urls.ts";

export interface RemoteEngineOptions extends Credentials {
  /** HTTP addresses, as `http://HOST:8123`: of one server, or of all the nodes of a cluster. */
  readonly urls: readonly string[];
  /** What the cluster is called in the nodes' `remote_servers`. @defaultValue `"polylog"` */
  readonly cluster?: string;
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
 * Connects to a ClickHouse server that somebody else runs, or to a cluster of them. What can't be reached is waited
 * for, at the start and later; a wrong password is final. A cluster is ready when one of its nodes is.
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
  const name = urls.length > 1 ? (options.cluster ?? "polylog") : undefined;
  const ring = createRing(
    urls.map((url) => ({ url, database, cluster: name, server: { username, password }, viewer })),
  );
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
      tellAway(found.away);
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

  function tellAway(away: ReadonlyMap<string, Error>): void {
    const before = board.current().away;
    for (const [url, error] of away) {
      if (!before.includes(url)) log.warn("A node does not answer", { url, error: error.message });
    }
    for (const url of before) if (!away.has(url)) log.info("A node answers again", { url });
    const isSame = before.length === away.size && before.every((url) => away.has(url));
    if (!isSame) board.update({ away: [...away.keys()] });
  }

  const lived = live()
    .catch((error: unknown) => {
      const cause = error instanceof Error ? error : new Error(String(error));
      log.error("The engine can't be used", { error: cause.message });
      board.update({ state: "failed", error: cause });
    })
    .then(() => ring.close());

  function usable(node: Node | null | undefined): Node {
    if (stopping.signal.aborted) throw stopped();
    const status = board.current();
    if (status.state !== "ready" || !node) throw unusable(status);
    return node;
  }

  function onConnectionError(client: ClickHouseClient | Viewer): void {
    ring.passOver(client);
    wake.abort();
  }

  const nodes = ring.places.map((place): EngineNode => {
    const isAnswering = (): boolean => place.probed !== null && board.current().state === "ready";
    return {
      name: place.options.url,
      client: stableClient({
        current: () => usable(isAnswering() ? place.node : null).client,
        onConnectionError,
      }),
      isAnswering,
      shard: () => (name === undefined ? 1 : (place.membership?.shard ?? null)),
      isKnown: () => ring.isKnown(place),
    };
  });

  async function stop(): Promise<void> {
    stopping.abort();
    await lived;
    board.update({ state: "stopped" });
  }

  return {
    database,
    nodes,
    cluster:
      name === undefined
        ? null
        : {
            name,
            database: databaseOfAll(database),
            shards: () => Math.max(1, ...ring.places.map(({ membership }) => membership?.shards ?? 1)),
            isReplicated: () => ring.places.some(({ membership }) => (membership?.replicas ?? 1) > 1),
            async look() {
              const found = await ring.look(stopping.signal);
              if (!stopping.signal.aborted) tell(found);
            },
          },
    client: stableClient({ current: () => usable(ring.active()).everywhere, onConnectionError }),
    viewer: stableViewer({ current: () => usable(ring.next()).viewer, onConnectionError }),
    viewerMemoryBytes: null,
    status: board.current,
    onStatus: board.subscribe,
    ready: (timeout = 60_000) => board.whenReady(timeout),
    stop,
  };
}
