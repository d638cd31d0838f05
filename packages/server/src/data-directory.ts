import { join } from "node:path";
import { refuseInterruptedRestore } from "./backup/interrupted-restore.ts";
import type { ServerConfig } from "./config/config.ts";
import { PolylogError } from "./errors.ts";
import type { Logger } from "./log.ts";
import { openAside } from "./spool/aside.ts";
import { findSegments } from "./spool/segments-left.ts";
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
  const directory = join(dataDirectory, "spool");
  if (spoolBytes === null || isCluster) {
    await refuseForgottenSpool(directory, isCluster, log);
    return undefined;
  }
  const aside = await openAside(join(dataDirectory, "spool-aside"));
  return openSpool({ directory, maxBytes: spoolBytes, aside, log });
}

/** Rejects with `POLYLOG_E_CONFIG` when nobody would store what an earlier process has acknowledged. */
async function refuseForgottenSpool(directory: string, isCluster: boolean, log: Logger): Promise<void> {
  const { segments } = await findSegments(directory, log);
  const records = segments.reduce((sum, { rows }) => sum + rows, 0);
  if (records === 0) return;
  const why = isCluster ? "a cluster has no spool" : "--spool-size is off";
  throw new PolylogError(
    "POLYLOG_E_CONFIG",
    `${directory} holds ${records} records that were acknowledged and are not stored yet, and ${why}.`,
    {
      remedy: isCluster
        ? "Start once on the store that they were meant for, until /readyz tells of no spool; or move the folder away."
        : "Start once with a spool, until /readyz tells of none; or move the folder away.",
    },
  );
}
