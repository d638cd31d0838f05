import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "../../log.ts";
import { createLoadMeter, type InsertCounts, type Load } from "./load.ts";

/** More parts than there ever are: the engine slows inserts down at 1,000. */
const NONE = 10_000;

/** How merges are made. */
interface Merging {
  /** Parts that one takes at least; null for the engine's own choice, three to five. */
  readonly least: number | null;
  /** Whether it leaves the large indexes for later. */
  readonly isBare: boolean;
}

/**
 * A merge costs two to three times what the insert of its rows did, as it builds the indexes anew, and with few parts at
 * a time each row is merged once more for every factor of five. So under a stream, merges wait until they can take many. In
 * a burst the processor is the inserts', and what it has brought is merged when it is over. A flood can't wait for that:
 * its merges leave out the large indexes, which are a third of their work and most of their memory.
 */
const MERGING: Readonly<Record<Load, Merging>> = {
  calm: { least: null, isBare: false },
  steady: { least: 16, isBare: false },
  burst: { least: NONE, isBare: false },
  flood: { least: 64, isBare: true },
};

/**
 * Looks, a second apart, since the last burst or flood, after which the indexes are built that a flood has left out: by
 * then merges have built some of them.
 */
const SETTLED = 60;

/** A table whose merges are fitted. */
interface MergedTable {
  readonly name: string;
  /** Its large indexes. */
  readonly indexes: readonly string[];
}

export interface FanInOptions {
  readonly client: ClickHouseClient;
  /** That are filled together. */
  readonly tables: readonly MergedTable[];
  /**
   * Whether the disk has room for a definition of a table: where it hasn't, ClickHouse 26.7 loses the old one and says
   * nothing.
   */
  readonly hasRoom: () => Promise<boolean>;
  /** The inserts into them so far. */
  readonly inserts: () => InsertCounts;
  readonly log: Logger;
}

/**
 * Fits the merges of tables to what comes in. For an engine of our own, which shares the machine with us.
 *
 * The setting lies in the tables. What a killed server has left is put right by the first look of the next one.
 *
 * @returns looks once, and ends when its signal aborts; to be called each second
 * @example
 * const tables = [{ name: "otel_logs", indexes: ["idx_body"] }];
 * const stop = every(1000, createFanIn({ client, tables, hasRoom, inserts: () => statistics().logs, log }));
 */
export function createFanIn({
  client,
  tables,
  hasRoom,
  inserts,
  log,
}: FanInOptions): (signal: AbortSignal) => Promise<void> {
  const meter = createLoadMeter();
  let present: Load | undefined;
  /** Whether there may be parts without their indexes. */
  let isOwed = false;
  let quietLooks = 0;

  async function alter(change: (table: MergedTable) => string, signal: AbortSignal): Promise<boolean> {
    if (!(await hasRoom()) || signal.aborted) return false;
    try {
      for (const table of tables) {
        const what = change(table);
        if (what !== "")
          await client.command({ query: `ALTER TABLE ${table.name} ${what}`, abort_signal: signal });
      }
      return true;
    } catch (error) {
      // The engine may be away: the next look tries again.
      log.debug("merges could not be fitted to the load", { error });
      return false;
    }
  }

  /** A server that was killed in a flood has left the tables' settings for it. */
  async function isLeftBare(signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await client.query({
        query: `SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name IN ({names:Array(String)})
          AND match(engine_full, 'exclude_materialize_skip_indexes_on_merge = \\'\\\\w')`,
        query_params: { names: tables.map(({ name }) => name) },
        format: "JSONEachRow",
        abort_signal: signal,
      });
      return (await answer.json()).length > 0;
    } catch (error) {
      log.debug("what a server before has left could not be read", { error });
      return false;
    }
  }

  return async (signal) => {
    const load = meter(inserts());
    quietLooks = load === "calm" || load === "steady" ? quietLooks + 1 : 0;
    if (load !== present) {
      if (present === undefined) isOwed ||= await isLeftBare(signal);
      if (!(await alter(settingsFor(MERGING[load]), signal))) return;
      present = load;
      isOwed ||= MERGING[load].isBare;
      log.debug("merges were fitted to the load", { load });
    } else if (isOwed && quietLooks >= SETTLED && (await alter(buildIndexes, signal))) {
      isOwed = false;
      log.debug("the indexes are built that merges have left out");
    }
  };
}

function settingsFor({ least, isBare }: Merging): (table: MergedTable) => string {
  if (least === null) {
    return () => "RESET SETTING min_parts_to_merge_at_once, exclude_materialize_skip_indexes_on_merge";
  }
  return ({ indexes }) => {
    const left = isBare ? indexes.join(", ") : "";
    return `MODIFY SETTING min_parts_to_merge_at_once = ${least}, exclude_materialize_skip_indexes_on_merge = '${left}'`;
  };
}

/** In the background, of the parts that lack them. */
function buildIndexes({ indexes }: MergedTable): string {
  return indexes.map((index) => `MATERIALIZE INDEX ${index}`).join(", ");
}
