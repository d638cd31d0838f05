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
