import type { ClickHouseClient } from "@clickhouse/client";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { ARRIVED_SQL } from "./id.ts";

/**
 * Until when a row is kept counts from its own time or from its arrival, whichever is later. Arrival counts
 * because imported logs are old: with a retention of 30 days, last year's file would otherwise vanish with the
 * next merge. The row's own time counts because rows that another tool inserted may have an id of its own making.
 */
const RECORD_AGE = `greatest(toDateTime(Timestamp), ${ARRIVED_SQL})`;

/** From when the retention of a table's rows counts. */
const AGE: Readonly<Record<string, string>> = {
  otel_logs: RECORD_AGE,
  otel_traces: RECORD_AGE,
  otel_traces_trace_id_ts: "Arrived",
  log_fields: "Arrived",
};

const MAX_DAYS = 36_500;

/**
 * Makes the tables drop what is older than the given days; 0 keeps everything. Runs on a store in use, touches
 * only tables that have another retention, and returns before old rows are gone: merges drop them.
 *
 * Rejects with `POLYLOG_E_CONFIG` when the days make no sense.
 */
export async function applyRetention(client: ClickHouseClient, days: number, log: Logger): Promise<void> {
  if (!Number.isInteger(days) || days < 0 || days > MAX_DAYS) {
    throw new PolylogError("POLYLOG_E_CONFIG", `A retention of ${days} days makes no sense.`, {
      remedy: `Give whole days from 1 to ${MAX_DAYS}, or 0 to keep everything.`,
    });
  }
  const present = await retentionOfTables(client);
  for (const [table, age] of Object.entries(AGE)) {
    if (present.get(table) === days) continue;
    const change = days === 0 ? "REMOVE TTL" : `MODIFY TTL ${age} + toIntervalDay(${days})`;
    await client.command({ query: `ALTER TABLE ${table} ${change}` });
    log.info("retention changed", { table, from: present.get(table), to: days });
  }
}

/** The retention in days that each of our tables has now; 0 for none. */
async function retentionOfTables(client: ClickHouseClient): Promise<ReadonlyMap<string, number>> {
  const answer = await client.query({
    query: `
      SELECT name, toUInt32OrZero(extract(engine_full, 'TTL .*toIntervalDay\\\\((\\\\d+)\\\\)')) AS days
      FROM system.tables
      WHERE database = currentDatabase() AND name IN ({tables:Array(String)})`,
    query_params: { tables: Object.keys(AGE) },
    format: "JSONEachRow",
  });
  const rows = await answer.json<{ name: string; days: number }>();
  return new Map(rows.map(({ name, days }) => [name, days]));
}
