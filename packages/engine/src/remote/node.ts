import type { ClickHouseClient } from "@clickhouse/client";
import { type Credentials, createServerClient } from "../client.ts";
import { databaseOfAll } from "../identifier.ts";
import { connectViewer, type ViewerConnections } from "../viewer.ts";

/** Connections to one ClickHouse server. */
export interface Node {
  readonly url: string;
  readonly username: string;
  readonly viewerName: string;
  /** Without a database, which may not exist yet. */
  readonly bootstrap: ClickHouseClient;
  /** With this server's own tables. */
  readonly client: ClickHouseClient;
  /** With the tables of all servers. */
  readonly everywhere: ClickHouseClient;
  readonly viewer: ViewerConnections;
}

export interface NodeOptions {
  readonly url: string;
  readonly database: string;
  /** Name of the cluster that the server is a node of; undefined when it is by itself. */
  readonly cluster: string | undefined;
  readonly server: Credentials;
  /** Without one, the server's own user asks, read-only. */
  readonly viewer: Credentials | undefined;
}

/** Below the shortest time after which any ClickHouse closes an idle connection (3 s before 23.11). */
const IDLE_SOCKET_TTL = 2_000;

export function createNode({ url, database, cluster, server, viewer }: NodeOptions): Node {
  const asked = cluster === undefined ? database : databaseOfAll(database);
  const common = { url, idleSocketTtl: IDLE_SOCKET_TTL };
  return {
    url,
    username: server.username,
    viewerName: (viewer ?? server).username,
    bootstrap: createServerClient({ ...common, ...server }),
    client: createServerClient({ ...common, ...server, database }),
    // What is inserted by way of another node is on its own by the time of the answer.
    everywhere: createServerClient(
      { ...common, ...server, database: asked },
      { distributed_foreground_insert: "1" },
    ),
    viewer:
      viewer === undefined
        ? connectViewer({ ...common, ...server, database: asked }, { readonly: "2" })
        : connectViewer({ ...common, ...viewer, database: asked }),
  };
}

/** Also ends what is under way. */
export async function closeNode(node: Node): Promise<void> {
  const { bootstrap, client, everywhere, viewer } = node;
  viewer.close();
  await Promise.all([bootstrap, client, everywhere].map((one) => one.close()));
}
