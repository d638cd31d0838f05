import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "../../log.ts";
import { ARRIVED_SQL } from "../id.ts";
import { readStoreSize } from "../size.ts";

export interface SizeCapOptions {
  readonly client: ClickHouseClient;
  /** Bytes on disk of all tables together, as it is at each look. */
  readonly maxBytes: () => number;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Drops the oldest days when the store takes more than it may. */
export interface SizeCap {
  /**
   * Looks once.
   *
   * @param signal ends the look: the rest of the days goes with the next one
   * @returns the partitions that were dropped, oldest first
   */
  enforce(signal: AbortSignal): Promise<readonly DroppedDay[]>;
}

interface DroppedDay {
  readonly table: RecordTable;
  /** As the engine names it: `20261121`. */
  readonly partition: string;
  readonly rows: number;
  readonly bytes: number;
}

const RECORD_TABLES = ["otel_logs", "otel_traces"] as const;
type RecordTable = (typeof RECORD_TABLES)[number];

/** Records that came within this time are never dropped for size: in milliseconds. */
const NEWEST = 86_400_000;
/** Seconds that the look at the ages may take: it reads one small column of everything. */
const LOOK_SECONDS = 120;

/**
 * Days go as a whole and oldest first, by the later of when a record is of and when it came, as retention counts.
 * What came within a day stays, whatever it takes: the disk's own end, and not this, is what stops a flood.
 *
 * @example
 * const cap = createSizeCap({ client, maxBytes: () => 200e9, log, clock: Date.now });
 * const stop = every(60_000, (signal) => cap.enforce(signal));
 */
export function createSizeCap({ client, log, clock, ...options }: SizeCapOptions): SizeCap {
  let hasWarned = false;

  async function enforce(signal: AbortSignal): Promise<readonly DroppedDay[]> {
    const maxBytes = options.maxBytes();
    const excessNow = async (): Promise<number> =>
      (await readStoreSize(client, signal)).bytesOnDisk - maxBytes;
    let excess = await excessNow();
    if (excess <= 0) {
      hasWarned = false;
      return [];
    }
    const dropped: DroppedDay[] = [];
    for (const day of await oldestFirst(signal)) {
      // Another server may hold the same nodes to the same size, and have dropped some since.
      excess = await excessNow();
      if (excess <= 0 || day.age >= clock() - NEWEST) break;
      const { table, partition, rows, bytes } = day;
      // What was imported into it since it was looked at has been acknowledged.
      const [now] = await agesOf(table, signal, partition);
      if (now === undefined || now.age > day.age) continue;
      await client.command({
        query: `ALTER TABLE ${table} DROP PARTITION ID '${partition}'`,
        abort_signal: signal,
      });
      log.info("a day was dropped: the store takes more than it may", {
        table,
        partition,
        rows,
        bytes,
        maxBytes,
      });
      dropped.push({ table, partition, rows, bytes });
      excess -= bytes;
    }
    if (dropped.length > 0) await dropWhatFollows(signal);
    if (excess > 0 && !hasWarned) {
      hasWarned = true;
      log.warn("the store takes more than it may, and holds nothing that came more than a day ago", {
        maxBytes,
        excess,
      });
    }
    return dropped;
  }

  async function oldestFirst(
    signal: AbortSignal,
  ): Promise<readonly (DroppedDay & { readonly age: number })[]> {
    const days: (DroppedDay & { age: number })[] = [];
    for (const table of RECORD_TABLES) {
      const sizes = await sizesOf(table, signal);
      for (const { partition, age } of await agesOf(table, signal)) {
        const size = sizes.get(partition);
        // Ids of partitions are digits: what is not was made by somebody else.
        if (size !== undefined && /^\d{1,8}$/.test(partition)) days.push({ table, partition, age, ...size });
      }
    }
    return days.sort((a, b) => a.age - b.age);
  }

  async function sizesOf(
    table: RecordTable,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, { rows: number; bytes: number }>> {
    const answer = await client.query({
      query: `
        SELECT partition_id AS partition, toFloat64(sum(rows)) AS rows, toFloat64(sum(bytes_on_disk)) AS bytes
        FROM system.parts
        WHERE active AND database = currentDatabase() AND table = {table:String}
        GROUP BY partition_id`,
      query_params: { table },
      format: "JSONEachRow",
      abort_signal: signal,
    });
    const rows = await answer.json<{ partition: string; rows: number; bytes: number }>();
    return new Map(rows.map(({ partition, rows, bytes }) => [partition, { rows, bytes }]));
  }

  /** @param only the partition to look at, where it isn't all */
  async function agesOf(
    table: RecordTable,
    signal: AbortSignal,
    only?: string,
  ): Promise<{ partition: string; age: number }[]> {
    const answer = await client.query({
      query: `
        SELECT partition, toUnixTimestamp(greatest(toDateTime(newest), arrived)) * 1000. AS age
        FROM (
          SELECT _partition_id AS partition, max(Timestamp) AS newest, ${ARRIVED_SQL.replace("Id", "max(Id)")} AS arrived
          FROM ${table}
          ${only === undefined ? "" : "WHERE _partition_id = {only:String}"}
          GROUP BY partition
        )`,
      query_params: only === undefined ? {} : { only },
      format: "JSONEachRow",
      clickhouse_settings: { max_threads: 2, max_execution_time: LOOK_SECONDS },
      abort_signal: signal,
    });
    return answer.json<{ partition: string; age: number }>();
  }

  /** What was made of records that are gone. Imports may still hold older ones, which keep theirs. */
  async function dropWhatFollows(signal: AbortSignal): Promise<void> {
    const followers = [
      { table: "log_fields", of: "otel_logs", condition: "Hour < toStartOfHour({oldest:DateTime('UTC')})" },
      { table: "otel_traces_trace_id_ts", of: "otel_traces", condition: "End < {oldest:DateTime('UTC')}" },
    ];
    for (const { table, of, condition } of followers) {
      const answer = await client.query({
        query: `SELECT toString(toDateTime(Timestamp)) AS oldest FROM ${of} ORDER BY Timestamp LIMIT 1`,
        format: "JSONEachRow",
        abort_signal: signal,
      });
      const [row] = await answer.json<{ oldest: string }>();
      // Empty tables are left to retention: nothing asks for what they hold.
      if (row === undefined) continue;
      await client.command({
        query: `DELETE FROM ${table} WHERE ${condition}`,
        query_params: { oldest: row.oldest },
        abort_signal: signal,
      });
    }
  }

  return { enforce };
}
