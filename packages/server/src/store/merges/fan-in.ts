import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "../../log.ts";
import { createLoadMeter, type InsertCounts, type Load } from "./load.ts";

/** More parts than there ever are: the engine slows inserts down at 1,000. */
const NONE = 10_000;

/**
 * Parts that one merge takes at least; null for the engine's own choice, three to five.
 *
 * A merge costs two to three times what the insert of its rows did, as it builds the indexes anew, and with few parts at
 * a time each row is merged once more for every factor of five. So under a stream, merges wait until they can take many. In
 * a burst the processor is the inserts', and what it has brought is merged when it is over; a flood can't wait for that.
 */
const FAN_IN: Readonly<Record<Load, number | null>> = { calm: null, steady: 16, burst: NONE, flood: 64 };

export interface FanInOptions {
  readonly client: ClickHouseClient;
  /** That are filled together. */
  readonly tables: readonly string[];
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
 * const stop = every(1000, createFanIn({ client, tables: ["otel_logs"], hasRoom, inserts: () => statistics().logs, log }));
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
  return async (signal) => {
    const load = meter(inserts());
    if (load === present || !(await hasRoom()) || signal.aborted) return;
    const least = FAN_IN[load];
    const change =
      least === null
        ? "RESET SETTING min_parts_to_merge_at_once"
        : `MODIFY SETTING min_parts_to_merge_at_once = ${least}`;
    try {
      for (const table of tables) {
        await client.command({ query: `ALTER TABLE ${table} ${change}`, abort_signal: signal });
      }
      present = load;
      log.debug("merges were fitted to the load", { tables, load });
    } catch (error) {
      // The engine may be away: the next look tries again.
      log.debug("merges could not be fitted to the load", { tables, load, error });
    }
  };
}
