import type { ClickHouseClient } from "@clickhouse/client";
import type { Viewer } from "./viewer.ts";

/** Where the engine is in its life. `failed` is final: the cause is in {@link EngineStatus.error}. */
export type EngineState = "starting" | "ready" | "restarting" | "stopped" | "failed";

export interface EngineStatus {
  readonly kind: "embedded" | "remote";
  readonly state: EngineState;
  /** ClickHouse's version once it was ready. */
  readonly version: string | null;
  /** Times the child process was started again after it ended by itself. */
  readonly restarts: number;
  /** Process id of the child; null when remote or not running. */
  readonly pid: number | null;
  readonly error: Error | null;
  /** Names of the nodes that don't answer, though others do. */
  readonly away: readonly string[];
}

/** One of the servers that hold the records: the only one, or a node of a cluster. */
export interface EngineNode {
  /** For people: its address, or `embedded`. */
  readonly name: string;
  /** The server's own user, with this node's own tables. */
  readonly client: ClickHouseClient;
  isAnswering(): boolean;
  /**
   * Which part of the records it holds, from 1; null until it has answered, and the same while it is away again. Nodes
   * of one shard are replicas.
   */
  shard(): number | null;
  /**
   * Whether all nodes that answer know of it. What is new to some gets no records: whoever asks by way of those would
   * lack them.
   */
  isKnown(): boolean;
}

/** What several nodes are together. */
export interface Cluster {
  /** Its name in the nodes' `remote_servers`. */
  readonly name: string;
  /** Where the tables lie that stand for those of all nodes: what {@link Engine.client} and `viewer` speak to. */
  readonly database: string;
  /** How many parts the records are in, also while nodes are away. Known when ready. */
  shards(): number;
  /** Whether shards have replicas, which keep their tables alike through ClickHouse Keeper. Known when ready. */
  isReplicated(): boolean;
  /** Has the nodes looked at now, rather than within seconds; resolves when that is done. */
  look(): Promise<void>;
}

/** A running ClickHouse, embedded or remote. Both are spoken to over HTTP in the same way. */
export interface Engine {
  /** Where each node has its own tables. */
  readonly database: string;
  /** All of them, in the order in which they were given. */
  readonly nodes: readonly EngineNode[];
  /** Null when there is only one. */
  readonly cluster: Cluster | null;
  /** The server's own user: reads, writes, creates tables. Valid over restarts. In a cluster, any node's. */
  readonly client: ClickHouseClient;
  /** Read-only user for questions that people ask. Valid over restarts. */
  readonly viewer: Viewer;
  /**
   * Bytes that one query of the viewer may take. A larger `max_memory_usage` is refused, not lowered. Null when remote:
   * what is allowed there is not known.
   */
  readonly viewerMemoryBytes: number | null;
  status(): EngineStatus;
  /** Calls back on each change of status, until the returned function is called. */
  onStatus(listener: (status: EngineStatus) => void): () => void;
  /** Resolves when ready; rejects with the cause when it can't become ready within the time, in milliseconds. */
  ready(timeout?: number): Promise<void>;
  stop(): Promise<void>;
}
