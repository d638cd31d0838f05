import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "../log.ts";

/** What an insert of records writes: the records and their lookups. */
const TABLES = ["otel_logs", "otel_traces", "otel_traces_trace_id_ts", "log_fields"];
/**
 * The part's files, and its name in the table's directory. Merges need none: the parts that were merged stay for eight
 * minutes, and the engine takes them again when the merged one is broken.
 */
const SETTINGS = ["fsync_after_insert", "fsync_part_directory"];

/**
 * Makes an insert end only when its part outlives a power cut, or no longer so. Touches only tables that are otherwise.
 */
export async function applyFsync(client: ClickHouseClient, isOn: boolean, log: Logger): Promise<void> {
  const wanted = SETTINGS.map((name) => `${name} = 1`);
  const changed: string[] = [];
  for (const { name, definition } of await definitions(client)) {
    const present = wanted.filter((setting) => definition.includes(setting)).length;
    if (present === (isOn ? wanted.length : 0)) continue;
    const change = isOn ? `MODIFY SETTING ${wanted.join(", ")}` : `RESET SETTING ${SETTINGS.join(", ")}`;
    await client.command({ query: `ALTER TABLE ${name} ${change}` });
    changed.push(name);
  }
  if (changed.length > 0)
    log.info("syncing of inserts changed", { to: isOn ? "on" : "off", tables: changed });
}

async function definitions(client: ClickHouseClient): Promise<{ name: string; definition: string }[]> {
  const answer = await client.query({
    query: `
      SELECT name, engine_full AS definition FROM system.tables
      WHERE database = currentDatabase() AND name IN ({tables:Array(String)})
      ORDER BY name`,
    query_params: { tables: TABLES },
    format: "JSONEachRow",
  });
  return answer.json();
}
