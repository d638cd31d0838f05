import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "../../log.ts";
import { buildingOf, isOwing, LEAST, LEFT_OUT } from "./left-out.ts";
import { createLoadMeter, type InsertCounts, type Load } from "./load.ts";
import type { MergedTable } from "./tables.ts";

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
 * The settings lie in the tables, and tell of indexes that are still to be built: so what a killed server has left is put
 * right by the next one, also where a backup of it is restored.
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

  /** What a server that was killed has left; undefined when the engine doesn't say. */
  async function isLeftOwing(signal: AbortSignal): Promise<boolean | undefined> {
    return isOwing(client, tables, signal).catch((error: unknown) => {
      log.debug("what a server before has left could not be read", { error });
      return undefined;
    });
  }

  return async (signal) => {
    const load = meter(inserts());
    quietLooks = load === "calm" || load === "steady" ? quietLooks + 1 : 0;
    if (load !== present) {
      const left = present === undefined ? await isLeftOwing(signal) : false;
      if (left === undefined) return;
      isOwed ||= left || MERGING[load].isBare;
      if (!(await alter(settingsFor(MERGING[load], isOwed), signal))) return;
      present = load;
      log.debug("merges were fitted to the load", { load });
    } else if (
      isOwed &&
      quietLooks >= SETTLED &&
      (await alter(buildingOf, signal)) &&
      (await alter(settingsFor(MERGING[load], false), signal))
    ) {
      isOwed = false;
      log.debug("the indexes are built that merges have left out");
    }
  };
}

/** @param owes whether there may be parts without their indexes: an empty list tells of them when nothing is left out now */
function settingsFor({ least, isBare }: Merging, owes: boolean): (table: MergedTable) => string {
  return ({ indexes }) => {
    const leastParts = least === null ? `(RESET SETTING ${LEAST})` : `(MODIFY SETTING ${LEAST} = ${least})`;
    const leftOut = owes
      ? `(MODIFY SETTING ${LEFT_OUT} = '${isBare ? indexes.join(", ") : ""}')`
      : `(RESET SETTING ${LEFT_OUT})`;
    return `${leastParts}, ${leftOut}`;
  };
}
