import type { ClickHouseClient } from "@clickhouse/client";
import { type Credentials, createServerClient, createViewerClient } from "../client.ts";

/** Connections to one ClickHouse server. */
export interface Node {
  readonly url: string;
  readonly username: string;
  readonly viewerName: string;
  /** Without a database, which may not exist yet. */
  readonly bootstrap: ClickHouseClient;
  readonly client: ClickHouseClient;
  readonly viewer: ClickHouseClient;
}

export interface NodeOptions {
  readonly url: string;
  readonly database: string;
  readonly server: Credentials;
  /** Without one, the server's own user asks, read-only. */
  readonly viewer: Credentials | undefined;
}

/** Below the shortest time after which any ClickHouse closes an idle connection (3 s before 23.11). */
const IDLE_SOCKET_TTL = 2_000;

export function createNode({ url, database, server, viewer }: NodeOptions): Node {
  const common = { url, idleSocketTtl: IDLE_SOCKET_TTL };
  return {
    url,
    username: server.username,
    viewerName: (viewer ?? server).username,
    bootstrap: createServerClient({ ...common, ...server }),
    client: createServerClient({ ...common, ...server, database }),
    viewer:
      viewer === undefined
        ? createViewerClient({ ...common, ...server, database }, { readonly: "2" })
        : createViewerClient({ ...common, ...viewer, database }),
  };
}

/** Also ends what is under way. */
export async function closeNode(node: Node): Promise<void> {
  await Promise.all([node.bootstrap.close(), node.client.close(), node.viewer.close()]);
}
