import { join } from "node:path";
import { refuseInterruptedRestore } from "./backup/interrupted-restore.ts";
import type { ServerConfig } from "./config/config.ts";
import type { Logger } from "./log.ts";
import { openAside } from "./spool/aside.ts";
import { openSpool, type Spool } from "./spool/spool.ts";

/** Looks at what an earlier process left in the data directory. */
export async function openData(config: ServerConfig, log: Logger): Promise<Spool | undefined> {
  if (config.engine.kind === "embedded") await refuseInterruptedRestore(config.dataDirectory);
  return openSpoolOf(config, log);
}

/**
 * No spool stands before a cluster: only the shard that was given a batch knows its token, so that what is on disk could
 * not be tried again elsewhere. Inserts take another node there while one is away.
 */
async function openSpoolOf(
  { spoolBytes, dataDirectory, engine }: ServerConfig,
  log: Logger,
): Promise<Spool | undefined> {
  const isCluster = engine.kind === "clickhouse" && engine.urls.length > 1;
  if (spoolBytes === null || isCluster) return undefined;
  const aside = await openAside(join(dataDirectory, "spool-aside"));
  return openSpool({ directory: join(dataDirectory, "spool"), maxBytes: spoolBytes, aside, log });
}
