import { EngineError } from "../errors.ts";
import type { Node } from "./node.ts";

/** A server's place in its cluster, as it knows it. */
export interface Membership {
  /** Its own shard, from 1. */
  readonly shard: number;
  /** How many shards the cluster has. */
  readonly shards: number;
  /** The most replicas of a shard. */
  readonly replicas: number;
}

/** @throws {@link EngineError} `POLYLOG_E_ENGINE_REFUSED` when it is not a node of the cluster. */
export async function readMembership(node: Node, cluster: string, signal: AbortSignal): Promise<Membership> {
  const answer = await node.bootstrap.query({
    query: `
      SELECT maxIf(shard_num, is_local) AS shard, max(shard_num) AS shards, max(replica_num) AS replicas
      FROM system.clusters WHERE cluster = {cluster:String}`,
    query_params: { cluster },
    format: "JSONEachRow",
    abort_signal: signal,
  });
  const [found] = await answer.json<Membership>();
  if (found !== undefined && found.shard > 0) return found;
  const reason = found?.shards
    ? `doesn't find itself in its cluster "${cluster}"`
    : `knows no cluster "${cluster}"`;
  throw new EngineError("POLYLOG_E_ENGINE_REFUSED", `${node.url} ${reason}`, {
    remedy:
      `Name all nodes under <remote_servers><${cluster}> in the configuration of each, or give the name that they are ` +
      "under: --clickhouse-cluster",
  });
}
