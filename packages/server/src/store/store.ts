import type { Engine } from "@polylog/engine";
import type { Retention, RetentionRule } from "../config/retention-rules.ts";
import type { Logger } from "../log.ts";
import { migrate } from "./migrate.ts";
import { applyRetention } from "./retention/retention.ts";
import { readStoreSize, type StoreSize } from "./size.ts";

export interface StoreOptions {
  /** Days that records are kept; 0 keeps everything. */
  readonly retentionDays: number;
  /** Others for some of them. @defaultValue none */
  readonly retentionRules?: readonly RetentionRule[];
  readonly log: Logger;
}

/** The tables, ready for use. */
export interface Store {
  readonly schemaVersion: number;
  size(): Promise<StoreSize>;
  /** Changes the retention while the store is in use. */
  setRetention(retention: Retention): Promise<void>;
}

/** The longest time a timer takes, in milliseconds: much data takes a while to load, a remote engine may be away. */
const NO_HURRY = 2 ** 31 - 1;

/**
 * Creates the tables or brings them up to date, and sets the retention. Waits for the engine.
 *
 * Rejects with the engine's error, or `POLYLOG_E_SCHEMA` when the data is of a newer Polylog.
 *
 * @example
 * const store = await openStore(engine, { retentionDays: 30, log });
 * (await store.size()).logs; // 0
 */
export async function openStore(engine: Engine, options: StoreOptions): Promise<Store> {
  const { retentionDays, retentionRules = [], log } = options;
  await engine.ready(NO_HURRY);
  const { client } = engine;
  const schemaVersion = await migrate(client, log);
  await applyRetention(client, { days: retentionDays, rules: retentionRules }, log);
  return {
    schemaVersion,
    size: () => readStoreSize(client),
    setRetention: (wanted) => applyRetention(client, wanted, log),
  };
}
