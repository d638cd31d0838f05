import type { EngineNode } from "@polylog/engine";
import { PolylogError } from "../errors.ts";
import { OWN_TABLES } from "./all-nodes.ts";
import type { Migration } from "./migrations.ts";

/** A MergeTree of any kind, with the arguments of its engine. */
const ENGINE = /\bENGINE = (\w*)MergeTree(?:\(([^()]*)\))?/g;

/**
 * A statement that creates a table, for nodes that keep replicas of it: ClickHouse Keeper holds its log, under a path
 * of its shard, database and name.
 *
 * The macros `{shard}` and `{replica}` are the node's own: each node names them in its configuration.
 *
 * @example
 * replicated("CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n");
 * // CREATE TABLE t (n UInt8) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}') ORDER BY n
 */
export function replicated(statement: string): string {
  return statement.replaceAll(ENGINE, (_, kind: string, more?: string) => {
    const place = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'";
    return `ENGINE = Replicated${kind}MergeTree(${more ? `${place}, ${more}` : place})`;
  });
}

/** The steps of the schema for such nodes. */
export function replicatedMigrations(migrations: readonly Migration[]): readonly Migration[] {
  return migrations.map((step) => ({ ...step, statements: step.statements.map(replicated) }));
}

/**
 * Sees that all tables of a node are replicated. Those of a single server stay as they are when it becomes a node of a
 * shard with replicas, and what is acknowledged there would be on that node alone.
 *
 * Rejects with `POLYLOG_E_CONFIG` when one is not.
 */
export async function refuseUnreplicated({ client, name }: EngineNode): Promise<void> {
  const answer = await client.query({
    query: `
      SELECT name FROM system.tables
      WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND NOT startsWith(engine, 'Replicated')
        AND name NOT IN ({own:Array(String)})
      ORDER BY name`,
    query_params: { own: OWN_TABLES },
    format: "JSONEachRow",
  });
  const tables = (await answer.json<{ name: string }>()).map((table) => table.name);
  if (tables.length === 0) return;
  throw new PolylogError(
    "POLYLOG_E_CONFIG",
    `The shard of ${name} has replicas, and these tables there are not replicated: ${tables.join(", ")}.`,
    {
      remedy:
        "Rename them, let Polylog make new ones, and attach the partitions of the old ones to those; or configure the cluster without replicas.",
    },
  );
}
