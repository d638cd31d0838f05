import type { Engine } from "@polylog/engine";
import type { Backups } from "../backup/backups.ts";
import type { Retention } from "../config/retention-rules.ts";
import type { QueryLimits } from "../config/server-config.ts";
import type { StatusResponse } from "../contract/index.ts";
import type { IntakeReport } from "../intake/report.ts";
import type { Logger } from "../log.ts";
import type { StoreNodes } from "../store/nodes.ts";
import type { StoreSize } from "../store/size.ts";

/** What the HTTP API is given by the server that it is a part of. */
export interface ApiDependencies {
  readonly engine: Engine;
  readonly log: Logger;
  /** What one question may cost. */
  readonly limits: QueryLimits;
  /** Calls back after each commit of logs by this server, until the returned function is called. */
  readonly onCommit: (listener: () => void) => () => void;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** For how long records are kept, and on how many bytes. */
  readonly retention: Retention & { readonly maxBytes: number | null };
  /** Where clients send to; asked for with each `status`, as ports are known only once they are open. */
  readonly endpoints: () => StatusResponse["endpoints"];
  readonly backups: Backups;
  /** @param now milliseconds since 1970 */
  readonly intake: (now: number) => IntakeReport;
  /** Bytes of records that may wait for the store. */
  readonly maxQueuedBytes: number;
  readonly storeSize: () => Promise<StoreSize>;
  /** What the store lies on. */
  readonly nodes: Pick<StoreNodes, "away" | "recheck">;
  /** What waits on disk for the store; undefined without a spool. */
  readonly spool?: () => StatusResponse["spool"];
  /** The time now, in milliseconds since 1970. */
  readonly clock: () => number;
}
