import { type Cluster, type Engine, type EngineNode, quoteIdentifier } from "@polylog/engine";

/** What is each node's own business. */
export const OWN_TABLES: readonly string[] = ["schema_migrations", "servers"];

/**
 * Creates, on one node, the tables that stand for those of all nodes: under the same names, in a database of their own.
 * They hold nothing, so that they are made anew each time, with the columns that the node's own tables have now.
 */
export async function createTablesOfAll(
  { client }: EngineNode,
  { database }: Pick<Engine, "database">,
  cluster: Cluster,
): Promise<void> {
  const answer = await client.query({
    query: `
      SELECT name FROM system.tables
      WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name NOT IN ({own:Array(String)})`,
    query_params: { own: OWN_TABLES },
    format: "JSONEachRow",
  });
  for (const { name } of await answer.json<{ name: string }>()) {
    const own = `${quoteIdentifier(database)}.${quoteIdentifier(name)}`;
    const all = `${quoteIdentifier(cluster.database)}.${quoteIdentifier(name)}`;
    const [from, local, table] = [cluster.name, database, name].map(quoteText);
    await client.command({
      query: `CREATE OR REPLACE TABLE ${all} AS ${own} ENGINE = Distributed(${from}, ${local}, ${table}, rand())`,
    });
  }
}

function quoteText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
