import { availableParallelism } from "node:os";
import type { Credentials } from "../client.ts";
import type { Users } from "./users.ts";
import { configurationXml, type XmlElements } from "./xml.ts";

export interface ConfigOptions {
  readonly dataDirectory: string;
  readonly usersFile: string;
  readonly port: number;
  readonly users: Users;
  /** Bytes that the engine may take in all. */
  readonly memoryBytes: number;
  /** Where BACKUP may write and RESTORE may read; nowhere when left out. */
  readonly backupDirectory?: string | undefined;
  /** Left out for an engine that is by itself. */
  readonly membership?: Membership;
}

/** What makes it a node of a cluster on this machine. */
export interface Membership {
  /** The cluster's name. */
  readonly cluster: string;
  /** Ports of the native protocol, one a shard. */
  readonly shards: readonly number[];
  /** Its own of these. */
  readonly tcpPort: number;
  /** By which the nodes know each other. */
  readonly secret: string;
  /** Statements by which the server's user gets its rights; everything when left out. */
  readonly grants?: readonly string[] | undefined;
}

/** Seconds after which the engine closes an idle connection. */
const KEEP_ALIVE_SECONDS = 60;
/** The client's own time, in milliseconds: shorter, or a request meets a connection that is just being closed. */
export const IDLE_SOCKET_TTL = (KEEP_ALIVE_SECONDS - 30) * 1000;

/** Whoever asks a wrong query hears of it in the answer; it is no business of the log's, nor is its text. */
const QUIET = ["executeQuery", "DynamicQueryHandler", "SettingsSanity"];

const MIB = 1024 * 1024;

/** The configuration file of `clickhouse local` as a server for one client on this machine. */
export function configXml(options: ConfigOptions): string {
  return configurationXml({
    path: options.dataDirectory,
    users_config: options.usersFile,
    listen_host: "127.0.0.1",
    http_port: options.port,
    http_handlers: handlers(options.users),
    keep_alive_timeout: KEEP_ALIVE_SECONDS,
    // Days, and with them partitions, are the same wherever the server stands.
    timezone: "UTC",
    "log-level": "warning",
    logger: { console: 1, levels: { logger: QUIET.map((name) => ({ name, level: "none" })) } },
    // Stopping takes 5 s otherwise, spent on waiting for idle connections.
    shutdown_wait_unfinished: 0,
    shutdown_wait_unfinished_queries: 0,
    ...(options.backupDirectory === undefined ? {} : { backups: { allowed_path: options.backupDirectory } }),
    ...memory(options.memoryBytes),
    ...BACKGROUND,
    ...(options.membership === undefined ? {} : remoteServers(options.membership)),
  });
}

/** As in the configuration that ClickHouse comes with, by which users read little of `system` by themselves. */
const ACCESS_CONTROL: XmlElements = {
  select_from_system_db_requires_grant: "true",
  table_engines_require_grant: "false",
};

function remoteServers({ cluster, shards, tcpPort, secret, grants }: Membership): XmlElements {
  const shard = shards.map((port) => ({ replica: { host: "127.0.0.1", port } }));
  return {
    tcp_port: tcpPort,
    remote_servers: { [cluster]: { secret, shard } },
    ...(grants && { access_control_improvements: ACCESS_CONTROL }),
  };
}

/**
 * Only requests that carry the whole login of one of our users reach the query handler. Without this, `default`,
 * who can't have a password, could be logged in as from this machine.
 */
function handlers(users: Users): XmlElements {
  const handler = { type: "dynamic_query_handler", query_param_name: "query" };
  return {
    rule: [
      { url: "/ping", handler: { type: "ping" } },
      { headers: { Authorization: authorization(users.server) }, handler },
      { headers: { Authorization: authorization(users.viewer) }, handler },
    ],
  };
}

function authorization({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** The default caches are 5 GiB each; these fill as they are used and stay a fraction of the whole. */
function memory(total: number): XmlElements {
  const share = (part: number, most: number): number =>
    Math.floor(Math.min(most * MIB, Math.max(4 * MIB, total / part)));
  return {
    max_server_memory_usage: total,
    mark_cache_size: share(16, 256),
    primary_index_cache_size: share(16, 256),
    index_mark_cache_size: share(32, 128),
    text_index_tokens_cache_size: share(64, 64),
    text_index_header_cache_size: share(64, 64),
    text_index_postings_cache_size: share(64, 64),
    // Used by queries that ask for it (use_uncompressed_cache).
    uncompressed_cache_size: share(16, 256),
    index_uncompressed_cache_size: 0,
    compiled_expression_cache_size: 16 * MIB,
    vector_similarity_index_cache_size: MIB,
    iceberg_metadata_files_cache_size: MIB,
    parquet_metadata_cache_size: MIB,
    // Counts this process only; the server in the same container has memory of its own.
    memory_worker_use_cgroup: 0,
    memory_worker_period_ms: 1000,
  };
}

const BACKGROUND: XmlElements = {
  // Merges keep up with inserts on half of the cores; the default is 16 threads.
  background_pool_size: Math.max(2, Math.min(8, Math.floor(availableParallelism() / 2))),
  background_merges_mutations_concurrency_ratio: 2,
  background_common_pool_size: 2,
  background_move_pool_size: 1,
  background_fetches_pool_size: 1,
  background_schedule_pool_size: 4,
  max_thread_pool_free_size: 8,
  asynchronous_metrics_update_period_s: 3600,
  asynchronous_metrics_enable_heavy_metrics: 0,
  // ClickHouse refuses to create tables when these ask for more threads than the pool has.
  merge_tree: {
    number_of_free_entries_in_pool_to_execute_mutation: 1,
    number_of_free_entries_in_pool_to_lower_max_size_of_merge: 1,
    number_of_free_entries_in_pool_to_execute_optimize_entire_partition: 1,
  },
};
