import type { ClickHouseClient } from "@clickhouse/client";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { MIGRATIONS, type Migration } from "./migrations.ts";

const SCHEMA_MIGRATIONS = `
CREATE TABLE IF NOT EXISTS schema_migrations (
  Version UInt32,
  Name String,
  AppliedAt DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY Version`;

/**
 * Brings the tables of the client's database to the newest schema, from any older one.
 *
 * Rejects with `POLYLOG_E_SCHEMA` when the tables are of a newer Polylog; they are left as they are then.
 *
 * @returns the version of the schema now
 */
export async function migrate(
  client: ClickHouseClient,
  log: Logger,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<number> {
  await client.command({ query: SCHEMA_MIGRATIONS });
  const newest = migrations.at(-1)?.version ?? 0;
  const current = await currentVersion(client);
  if (current > newest) {
    throw new PolylogError(
      "POLYLOG_E_SCHEMA",
      `The tables have schema ${current}, and this Polylog knows schemas up to ${newest}.`,
      { remedy: "Start the newer Polylog that wrote them, or give this one another data directory." },
    );
  }
  for (const migration of migrations) {
    if (migration.version > current) await apply(client, log, migration);
  }
  return newest;
}

async function apply(client: ClickHouseClient, log: Logger, migration: Migration): Promise<void> {
  const { version, name, statements } = migration;
  for (const query of statements) await client.command({ query });
  await client.insert({
    table: "schema_migrations",
    values: [{ Version: version, Name: name }],
    format: "JSONEachRow",
  });
  log.info("schema migrated", { version, name });
}

async function currentVersion(client: ClickHouseClient): Promise<number> {
  const answer = await client.query({
    query: "SELECT max(Version) AS version FROM schema_migrations",
    format: "JSONEachRow",
  });
  const [row] = await answer.json<{ version: number }>();
  return row?.version ?? 0;
}
