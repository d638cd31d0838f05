import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Credentials } from "./client.ts";
import { type Home, openHome } from "./embedded/home.ts";
import { findLibrary } from "./embedded/platform.ts";
import { freePort } from "./embedded/port.ts";
import { type StartOutcome, start, urlOf } from "./embedded/start.ts";
import { createUsers } from "./embedded/users.ts";

/** A ClickHouse cluster on this machine, for tests and benches: its nodes are real, but for replication and Keeper. */
export interface LocalCluster {
  readonly name: string;
  readonly nodes: readonly LocalNode[];
  readonly server: Credentials;
  readonly viewer: Credentials;
  stop(): Promise<void>;
}

export interface LocalNode {
  readonly url: string;
  /** Starts it again, with the data that it had. */
  start(): Promise<void>;
  /** By force, as a machine that loses its power. */
  kill(): Promise<void>;
  /** Its process; null when it doesn't run. */
  pid(): number | null;
}

export interface LocalClusterOptions {
  /** Holds a directory for each node. */
  readonly directory: string;
  readonly nodes: number;
  /** Bytes that each node may take. */
  readonly memoryBytes: number;
  /** @defaultValue `"polylog"` */
  readonly database?: string;
  /** Statements by which the server's user gets its rights, as `GRANT SELECT ON system.parts`. @defaultValue everything */
  readonly grants?: readonly string[];
  /** How many of the nodes each one has in its configuration, from the first on. @defaultValue all */
  readonly known?: readonly number[];
}

const NAME = "polylog";

/**
 * Starts the nodes of a cluster, each a shard of its own, on loopback ports.
 *
 * @example
 * const cluster = await startLocalCluster({ directory, nodes: 3, memoryBytes: 1e9 });
 * const urls = cluster.nodes.map(({ url }) => url);
 * const engine = connectRemoteEngine({ urls, cluster: cluster.name, ...cluster.server, viewer: cluster.viewer });
 */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const users = createUsers();
  const secret = randomBytes(16).toString("hex");
  const shards: number[] = [];
  for (let count = 0; count < options.nodes; count++) shards.push(await freePort());
  const nodes = await Promise.all(
    shards.map(async (tcpPort, index) => {
      const directory = join(options.directory, `node-${index + 1}`);
      const membership = {
        ...{ cluster: NAME, tcpPort, secret, grants: options.grants },
        shards: shards.slice(0, options.known?.[index]),
      };
      return createNode({ ...options, directory, port: await freePort(), users, membership });
    }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()));
  };
  try {
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { name: NAME, nodes, ...users, stop };
}

interface NodeOptions extends Pick<Parameters<typeof start>[0], "port" | "users"> {
  readonly directory: string;
  readonly membership: NonNullable<Parameters<typeof start>[0]["membership"]>;
  readonly memoryBytes: number;
  readonly database?: string;
}

/**
 * A node that ends by itself is started again, as a server's unit does it: chDB aborts now and then when another node is
 * killed that it talks with.
 */
function createNode({ directory, database = "polylog", ...options }: NodeOptions): LocalNode {
  let running: Running | null = null;
  let again: Promise<unknown> = Promise.resolve();

  async function launch(): Promise<void> {
    const library = findLibrary();
    const home = await openHome(directory, library.version);
    const onLine = (): void => {};
    const outcome = await start(
      { ...options, home, library: library.path, database, onLine },
      new AbortController().signal,
    );
    if (outcome.kind === "ended") {
      await home.close();
      throw new Error(`A node did not start: ${outcome.exit.output.join("\n")}`);
    }
    const launched = { ...outcome, home };
    running = launched;
    void launched.process.exited.then(() => {
      if (running !== launched) return;
      running = null;
      again = release(launched).then(launch);
      // A node that does not come back is seen by its being away.
      again.catch(() => {});
    });
  }

  return {
    url: urlOf(options.port),
    start: launch,
    async kill() {
      await again.catch(() => {});
      const last = running;
      if (last === null) return;
      running = null;
      last.process.kill("a test ended it");
      await last.process.exited;
      await release(last);
    },
    pid: () => running?.process.pid ?? null,
  };
}

type Running = StartOutcome & { readonly kind: "ready" } & { readonly home: Home };

async function release({ viewer, client, home }: Running): Promise<void> {
  viewer.close();
  await client.close();
  await home.close();
}
