import type { Statement } from "./statement.ts";

/**
 * Settings for a condition that may take milliseconds a row, as a regular expression can. The engine looks at the clock,
 * and whether its caller left, only between blocks of rows: they have to be small then.
 */
export function slowConditionSettings({ sql }: Pick<Statement, "sql">): { readonly max_block_size?: string } {
  return sql.includes("match(") ? { max_block_size: "1024" } : {};
}
