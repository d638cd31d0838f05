import { join } from "node:path";
import { refuseInterruptedRestore } from "./backup/interrupted-restore.ts";
import type { ServerConfig } from "./config/config.ts";
import type { Logger } from "./log.ts";
import { openSpool, type Spool } from "./spool/spool.ts";

/** Where spooled batches go that the store can't take after all. */
export function spoolAsideOf({ dataDirectory }: ServerConfig): string {
  return join(dataDirectory, "spool-aside");
}

/** Looks at what an earlier process left in the data directory. */
export async function openData(config: ServerConfig, log: Logger): Promise<Spool | undefined> {
  if (config.engine.kind === "embedded") await refuseInterruptedRestore(config.dataDirectory);
  return openSpoolOf(config, log);
}

/**
 * No spool stands before a cluster: only the shard that was given a batch knows its token, so that what is on disk could
 * not be tried again elsewhere. Inserts take another node there while one is away.
 */
function openSpoolOf(
  { spoolBytes, dataDirectory, engine }: ServerConfig,
  log: Logger,
): Promise<Spool | undefined> {
  const isCluster = engine.kind === "clickhouse" && engine.urls.length > 1;
  if (spoolBytes === null || isCluster) return Promise.resolve(undefined);
  return openSpool({ directory: join(dataDirectory, "spool"), maxBytes: spoolBytes, log });
}
