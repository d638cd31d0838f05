import { PolylogError } from "../errors.ts";
import { type Filter, filterToSql, parseQuery } from "../query/index.ts";
import type { Statement } from "./statement.ts";

/** A query that was read: its tree, and the condition on `otel_logs` that it is. */
export interface LogFilter extends Statement {
  readonly text: string;
  readonly tree: Filter;
  /** True when the query asks for everything. */
  readonly isEverything: boolean;
}

/**
 * Reads a query on logs.
 *
 * @throws {PolylogError} `POLYLOG_E_QUERY_SYNTAX` with the position and what was expected
 */
export function readFilter(text: string): LogFilter {
  const result = parseQuery(text);
  if (!result.ok) {
    const { message, start, end, expected } = result.error;
    throw new PolylogError("POLYLOG_E_QUERY_SYNTAX", `${message}.`, { position: { start, end }, expected });
  }
  return { text, tree: result.tree, isEverything: result.tree.kind === "all", ...filterToSql(result.tree) };
}

/** The filter that every record passes. */
export const EVERYTHING: LogFilter = readFilter("");
