import type { RateLimits } from "../intake/rate-limit.ts";
import type { Level } from "../record/severity.ts";
import type { ReceiverName } from "./receiver-choice.ts";
import type { RetentionRule } from "./retention-rules.ts";

/** Where the records are kept. */
export type EngineConfig =
  | {
      /** ClickHouse as a child process, on {@link ServerConfig.dataDirectory}. */
      readonly kind: "embedded";
      /** The most memory that the child may use, in bytes. */
      readonly memoryLimit: number;
    }
  | {
      /** A ClickHouse server that already runs, or all the nodes of a cluster. */
      readonly kind: "clickhouse";
      readonly urls: readonly [string, ...string[]];
      /** What the nodes call the cluster, when there are several. */
      readonly cluster: string;
      readonly user: string;
      readonly password: string;
      readonly database: string;
    };

/** What one question may cost before it is ended. */
export interface QueryLimits {
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes of memory in the engine. */
  readonly memory: number;
  /** Rows that the engine may read. */
  readonly rows: number;
}

/** Files in PEM; absolute paths. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Senders have to show a certificate of this authority; null when nobody is asked for one. */
  readonly clientCa: string | null;
}

/** A receiver with a port of its own. */
export interface ReceiverConfig {
  readonly name: ReceiverName;
  /** 0 for any free one. */
  readonly port: number;
  /** What a sender has to know, where the protocol can carry it; null when nobody is asked. */
  readonly sharedKey: string | null;
}

/** How a server runs: validated, complete, frozen. Made by `loadConfig`, handed down, read nowhere else. */
export interface ServerConfig {
  /** Name or address to listen on; anything but loopback comes with an {@link authToken}. */
  readonly host: string;
  /** Pages, API and every HTTP intake; 0 for any free port, null for none. */
  readonly port: number | null;
  /** OTLP over gRPC; 0 for any free port, null for none. */
  readonly grpcPort: number | null;
  /** The shared bearer token that every request must carry; null when none is asked for. */
  readonly authToken: string | null;
  /** The receivers beside HTTP and gRPC that listen. */
  readonly receivers: readonly ReceiverConfig[];
  /** What the receivers over TCP show of themselves; null without TLS. */
  readonly tls: TlsFiles | null;
  /** Absolute path. Holds the engine's data, the lock, and what else has to survive a restart. */
  readonly dataDirectory: string;
  /** Days after which records are deleted; 0 for never. */
  readonly retentionDays: number;
  /** Others for some of them; the first that fits a record holds. */
  readonly retentionRules: readonly RetentionRule[];
  /** Bytes that the store may take on disk, beyond which the oldest days are dropped; null for no bound. */
  readonly maxStoreBytes: number | null;
  /** Absolute path of the directory that backups are written into. */
  readonly backupDirectory: string;
  readonly engine: EngineConfig;
  /** Globs of the files to follow, absolute. */
  readonly tail: readonly string[];
  /** Bytes of records that may wait in memory for the store before senders are told to try later. */
  readonly intakeMemory: number;
  /** Threads that decode heavy requests; 0 when they are decoded on the main one. */
  readonly decodeThreads: number;
  /** Bytes a second that services may send. */
  readonly rateLimits: RateLimits;
  /** Bytes on disk that records may take while the store is away; null for no spool. */
  readonly spoolBytes: number | null;
  /** The receivers, by their names on records, whose records go to the spool before they go to the store. */
  readonly spoolFirst: readonly ReceiverName[];
  /** Whether the store syncs what it takes in before it is acknowledged. */
  readonly syncsInserts: boolean;
  readonly queryLimits: QueryLimits;
  /** The lowest level that the server logs of itself. */
  readonly logLevel: Level | "off";
}
