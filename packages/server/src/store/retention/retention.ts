import type { ClickHouseClient } from "@clickhouse/client";
import { MAX_RETENTION_DAYS, type Retention } from "../../config/retention-rules.ts";
import { PolylogError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { EXPIRING_TABLES, type ExpiringTable, expirySql, rulesOf } from "./expiry.ts";

/**
 * Makes the tables drop what is older than they may keep. Runs on a store in use, touches only tables that have
 * another retention, and returns before old rows are gone: merges drop them.
 *
 * Rejects with `POLYLOG_E_CONFIG` when the days make no sense.
 */
export async function applyRetention(
  client: ClickHouseClient,
  retention: Retention,
  log: Logger,
): Promise<void> {
  for (const { days } of [retention, ...retention.rules]) assertDays(days);
  const present = await presentRetention(client);
  const changed: string[] = [];
  for (const table of EXPIRING_TABLES) {
    const before = present.get(table.name);
    if (before === undefined) continue;
    if (await change(client, table, before, retention)) changed.push(table.name);
  }
  // A table that was just made gets what was asked for: that is no change.
  const isNew = [...present.values()].every(({ expiry, isEmpty }) => expiry === "" && isEmpty);
  if (changed.length > 0 && !isNew)
    log.info("retention changed", { to: describe(retention), tables: changed });
}

function assertDays(days: number): void {
  if (Number.isInteger(days) && days >= 0 && days <= MAX_RETENTION_DAYS) return;
  throw new PolylogError("POLYLOG_E_CONFIG", `A retention of ${days} days makes no sense.`, {
    remedy: `Give whole days from 1 to ${MAX_RETENTION_DAYS}, or 0 to keep everything.`,
  });
}

/** For people: `30 days, level:<=debug 3 days`. */
function describe({ days, rules }: Retention): string {
  const length = (count: number): string => (count === 0 ? "for ever" : `${count} days`);
  return [length(days), ...rules.map((rule) => `${rule.text} ${length(rule.days)}`)].join(", ");
}

interface Present {
  /** As the engine writes it; empty for none. */
  readonly expiry: string;
  readonly dropsWholeParts: boolean;
  readonly isEmpty: boolean;
}

async function change(
  client: ClickHouseClient,
  table: ExpiringTable,
  present: Present,
  retention: Retention,
): Promise<boolean> {
  const { name } = table;
  const wanted = expirySql(table, retention);
  // Only parts whose rows expire together can be dropped whole.
  const dropsWholeParts = rulesOf(table, retention).length === 0;
  if (table.kind !== "follows" && dropsWholeParts !== present.dropsWholeParts) {
    await client.command({
      query: `ALTER TABLE ${name} MODIFY SETTING ttl_only_drop_parts = ${dropsWholeParts ? 1 : 0}`,
    });
  }
  const formatted = wanted === undefined ? "" : await formattedExpiry(client, wanted);
  if (formatted === present.expiry) return false;
  await client.command({
    query: `ALTER TABLE ${name} ${wanted === undefined ? "REMOVE TTL" : `MODIFY TTL ${wanted}`}`,
  });
  return true;
}

/** How each of our tables expires now. */
async function presentRetention(client: ClickHouseClient): Promise<ReadonlyMap<string, Present>> {
  const answer = await client.query({
    query: `
      SELECT
        name,
        extract(engine_full, '(?s) TTL (.*?)(?: SETTINGS |$)') AS expiry,
        position(engine_full, 'ttl_only_drop_parts = 1') > 0 AS dropsWholeParts,
        ifNull(total_rows, 0) = 0 AS isEmpty
      FROM system.tables
      WHERE database = currentDatabase() AND name IN ({tables:Array(String)})`,
    query_params: { tables: EXPIRING_TABLES.map(({ name }) => name) },
    format: "JSONEachRow",
  });
  const rows = await answer.json<{ name: string; expiry: string; dropsWholeParts: 0 | 1; isEmpty: 0 | 1 }>();
  return new Map(
    rows.map(({ name, expiry, dropsWholeParts, isEmpty }) => [
      name,
      { expiry, dropsWholeParts: dropsWholeParts === 1, isEmpty: isEmpty === 1 },
    ]),
  );
}

/** An expression as the engine writes it in a table's definition, to be compared with one. */
async function formattedExpiry(client: ClickHouseClient, expiry: string): Promise<string> {
  const answer = await client.query({
    query: "SELECT extract(formatQuerySingleLine({query:String}), '(?s) TTL (.*)$') AS expiry",
    query_params: { query: `CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a TTL ${expiry}` },
    format: "JSONEachRow",
  });
  const [row] = await answer.json<{ expiry: string }>();
  return row?.expiry ?? "";
}
