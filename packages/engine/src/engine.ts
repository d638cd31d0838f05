import type { ClickHouseClient } from "@clickhouse/client";

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
}

/** A running ClickHouse, embedded or remote. Both are spoken to over HTTP in the same way. */
export interface Engine {
  readonly database: string;
  /** The server's own user: reads, writes, creates tables. Valid over restarts. */
  readonly client: ClickHouseClient;
  /** Read-only user for questions that people ask. Valid over restarts. */
  readonly viewer: ClickHouseClient;
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
