import type { ClickHouseClient, ClickHouseSettings } from "@clickhouse/client";
import type { EngineNode } from "@polylog/engine";
import { toAskOfAll } from "../shards.ts";
import { addReports } from "./add-reports.ts";
import { readDays } from "./days.ts";
import type { PartOfTable, StorageReport, TableOnDisk } from "./on-disk.ts";

/** Tables of the database that are told of: others may have put theirs beside ours. */
const MAX_TABLES = 50;

/** These lists are in the engine's memory; a store of many thousand parts takes a second. */
const SETTINGS: ClickHouseSettings = {
  max_execution_time: 15,
  max_threads: 2,
  max_memory_usage: "500000000",
};

/**
 * What is on the nodes that answer, replicas counted once. Asks their own lists: reads no record, so that it costs the
 * same whatever there is.
 */
export async function readStorage(
  nodes: readonly EngineNode[],
  signal?: AbortSignal,
): Promise<StorageReport> {
  const reports: StorageReport[] = [];
  // One after another: each is five questions at once that end with the same signal.
  for (const { client } of toAskOfAll(nodes)) reports.push(await readNode(client, signal));
  return reports.reduce(addReports);
}

async function readNode(client: ClickHouseClient, signal: AbortSignal | undefined): Promise<StorageReport> {
  async function rows<T>(query: string): Promise<T[]> {
    const answer = await client.query({
      query,
      format: "JSONEachRow",
      clickhouse_settings: SETTINGS,
      ...(signal === undefined ? {} : { abort_signal: signal }),
    });
    return answer.json<T>();
  }

  const [tables, columns, indexes, disks, days] = await Promise.all([
    rows<Omit<TableOnDisk, "columns" | "indexes">>(TABLES),
    rows<PartOfTable & { table: string }>(COLUMNS),
    rows<PartOfTable & { table: string; type: string }>(INDEXES),
    rows<{ freeBytes: number; totalBytes: number }>(DISK).catch(() => []),
    readDays(rows),
  ]);
  const sum = (read: (table: (typeof tables)[number]) => number): number =>
    tables.reduce((total, table) => total + read(table), 0);
  return {
    rows: sum((table) => table.rows),
    bytes: sum((table) => table.bytes),
    uncompressedBytes: sum((table) => table.uncompressedBytes),
    disk: disks[0] ?? null,
    tables: tables.map((table) => ({
      ...table,
      columns: partsOf(columns, table.name),
      indexes: partsOf(indexes, table.name),
    })),
    days,
  };
}

function partsOf<Part extends PartOfTable & { table: string }>(
  parts: readonly Part[],
  of: string,
): Omit<Part, "table">[] {
  return parts.flatMap(({ table, ...part }) => (table === of ? [part] : []));
}

const TABLES = `
  SELECT
    table AS name,
    toFloat64(sum(rows)) AS rows,
    toFloat64(sum(bytes_on_disk)) AS bytes,
    toFloat64(sum(data_uncompressed_bytes)) AS uncompressedBytes,
    toFloat64(count()) AS parts
  FROM system.parts
  WHERE active AND database = currentDatabase()
  GROUP BY table
  ORDER BY bytes DESC
  LIMIT ${MAX_TABLES}`;

const COLUMNS = `
  SELECT
    table,
    name,
    toFloat64(data_compressed_bytes + marks_bytes) AS bytes,
    toFloat64(data_uncompressed_bytes) AS uncompressedBytes
  FROM system.columns
  WHERE database = currentDatabase() AND data_compressed_bytes > 0
  ORDER BY bytes DESC
  LIMIT 2000`;

const INDEXES = `
  SELECT
    table,
    name,
    type,
    toFloat64(data_compressed_bytes + marks_bytes) AS bytes,
    toFloat64(data_uncompressed_bytes) AS uncompressedBytes
  FROM system.data_skipping_indices
  WHERE database = currentDatabase()
  ORDER BY bytes DESC
  LIMIT 1000`;

/** Where records come to lie. Object storage, where older ones may be, has no end, and says that it has 16 EiB. */
const DISK = `
  SELECT toFloat64(free_space) AS freeBytes, toFloat64(total_space) AS totalBytes
  FROM system.disks
  WHERE name IN (SELECT disk_name FROM system.parts WHERE active AND database = currentDatabase())
    AND total_space < exp2(60)
  LIMIT 1`;
