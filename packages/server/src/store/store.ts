import type { Engine, EngineNode } from "@polylog/engine";
import type { Retention, RetentionRule } from "../config/retention-rules.ts";
import type { Logger } from "../log.ts";
import { createTablesOfAll } from "./all-nodes.ts";
import { applyFsync } from "./fsync.ts";
import { leaveMergesAlone } from "./merges/left-out.ts";
import { migrate } from "./migrate.ts";
import { countOthers, migrationsFor } from "./migrations.ts";
import { createStoreNodes, type StoreNodes } from "./nodes.ts";
import { refuseUnreplicated, replicatedMigrations } from "./replicated.ts";
import { applyRetention } from "./retention/retention.ts";
import { toAskOfAll } from "./shards.ts";
import { readStoreSize, type StoreSize } from "./size.ts";

export interface StoreOptions {
  /** Days that records are kept; 0 keeps everything. */
  readonly retentionDays: number;
  /** Others for some of them. @defaultValue none */
  readonly retentionRules?: readonly RetentionRule[];
  /** Whether an insert ends only when it outlives a power cut. @defaultValue false */
  readonly fsync?: boolean;
  readonly log: Logger;
}

/** The tables, ready for use. */
export interface Store {
  readonly schemaVersion: number;
  size(): Promise<StoreSize>;
  /** Changes the retention while the store is in use. */
  setRetention(retention: Retention): Promise<void>;
  /** What it lies on; to be stopped at the end. */
  readonly nodes: StoreNodes;
}

/** The longest time a timer takes, in milliseconds: much data takes a while to load, a remote engine may be away. */
const NO_HURRY = 2 ** 31 - 1;

/**
 * Creates the tables or brings them up to date, and sets the retention: on each node for itself, now or when it comes.
 * Waits for the engine.
 *
 * Rejects with the engine's error, or `POLYLOG_E_SCHEMA` when the data is of a newer Polylog.
 *
 * @example
 * const store = await openStore(engine, { retentionDays: 30, log });
 * (await store.size()).logs; // 0
 */
export async function openStore(engine: Engine, options: StoreOptions): Promise<Store> {
  const { retentionDays, retentionRules = [], fsync = false, log } = options;
  await engine.ready(NO_HURRY);
  const { cluster } = engine;
  const isOwn = engine.status().kind === "embedded";
  const steps = migrationsFor(isOwn);
  const migrations = cluster?.isReplicated() ? replicatedMigrations(steps) : steps;
  let retention: Retention = { days: retentionDays, rules: retentionRules };
  const nodes = createStoreNodes({ engine, log, prepare });

  async function prepare(node: EngineNode): Promise<void> {
    await migrate(node.client, log, migrations);
    if (cluster?.isReplicated()) await refuseUnreplicated(node);
    if (!isOwn) {
      await countOthers(node.client);
      await leaveMergesAlone(node.client, log);
    }
    await applyRetention(node.client, retention, log);
    await applyFsync(node.client, fsync, log);
    if (cluster !== null) await createTablesOfAll(node, engine, cluster);
  }

  await nodes.open();
  return {
    schemaVersion: migrations.at(-1)?.version ?? 0,
    async size() {
      // Also of one that is back and has its tables looked at.
      const asked = toAskOfAll(engine.nodes);
      const sizes = await Promise.all(asked.map(({ client }) => readStoreSize(client)));
      return sizes.reduce(addSizes);
    },
    async setRetention(wanted) {
      await Promise.all(nodes.usable().map(({ client }) => applyRetention(client, wanted, log)));
      retention = wanted;
    },
    nodes,
  };
}

function addSizes(a: StoreSize, b: StoreSize): StoreSize {
  return { logs: a.logs + b.logs, spans: a.spans + b.spans, bytesOnDisk: a.bytesOnDisk + b.bytesOnDisk };
}
