/** A name as ClickHouse reads it in SQL, whatever characters it has. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}

/** The database of the tables that stand for those of all nodes of a cluster. Each node's own keep their names. */
export function databaseOfAll(database: string): string {
  return `${database}_all`;
}
