import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "../../log.ts";
import { MERGED_TABLES, type MergedTable } from "./tables.ts";

/** The settings of a table that fit its merges: parts that one takes at least, and indexes that it leaves out. */
export const LEAST = "min_parts_to_merge_at_once";
export const LEFT_OUT = "exclude_materialize_skip_indexes_on_merge";

/** Whether tables say that they may have parts without their indexes: as long as they have the setting at all. */
export async function isOwing(
  client: ClickHouseClient,
  tables: readonly MergedTable[],
  signal?: AbortSignal,
): Promise<boolean> {
  return (await tablesWith(client, LEFT_OUT, tables, signal)).length > 0;
}

/** For an ALTER that has the indexes built, in the background, of the parts that lack them; empty where there are none. */
export function buildingOf({ indexes }: MergedTable): string {
  return indexes.map((index) => `MATERIALIZE INDEX ${index}`).join(", ");
}

/**
 * Leaves the merges of all tables to ClickHouse, as they are where it isn't an engine of our own, and has the indexes
 * built that are owed. There is something to do where the tables were made by an engine of our own: its directory was
 * moved, or a backup of it restored.
 */
export async function leaveMergesAlone(client: ClickHouseClient, log: Logger): Promise<void> {
  const all: readonly MergedTable[] = [...MERGED_TABLES.logs, ...MERGED_TABLES.spans];
  const owing = await tablesWith(client, LEFT_OUT, all);
  const fitted = await tablesWith(client, LEAST, all);
  const left = all.filter((table) => owing.includes(table) || fitted.includes(table));
  for (const table of left) {
    const { name } = table;
    const building = buildingOf(table);
    if (owing.includes(table) && building !== "") {
      // In three steps, each of which may be the last one that is done.
      await client.command({ query: `ALTER TABLE ${name} MODIFY SETTING ${LEFT_OUT} = ''` });
      await client.command({ query: `ALTER TABLE ${name} ${building}` });
    }
    await client.command({ query: `ALTER TABLE ${name} RESET SETTING ${LEAST}, ${LEFT_OUT}` });
  }
  if (left.length > 0) log.info("merges are left to ClickHouse", { tables: left.map(({ name }) => name) });
}

async function tablesWith(
  client: ClickHouseClient,
  setting: string,
  tables: readonly MergedTable[],
  signal?: AbortSignal,
): Promise<readonly MergedTable[]> {
  const answer = await client.query({
    query: `
      SELECT name FROM system.tables
      WHERE database = currentDatabase() AND name IN ({names:Array(String)})
        AND position(engine_full, {setting:String}) > 0`,
    query_params: { names: tables.map(({ name }) => name), setting: `${setting} = ` },
    format: "JSONEachRow",
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  const names = (await answer.json<{ name: string }>()).map(({ name }) => name);
  return tables.filter(({ name }) => names.includes(name));
}
