import { PolylogError } from "../errors.ts";
import { type Filter, filterToSql, parseQuery, type Target } from "../query/index.ts";
import type { Statement } from "./statement.ts";

/** The table of what is asked about. */
export const TABLES = { logs: "otel_logs", traces: "otel_traces" } as const satisfies Record<Target, string>;

/** A query that was read: its tree, and the condition on the columns of its target's table that it is. */
export interface RecordFilter extends Statement {
  readonly target: Target;
  readonly text: string;
  readonly tree: Filter;
  /** True when the query asks for everything. */
  readonly isEverything: boolean;
}

/**
 * Reads a query on logs, or on spans.
 *
 * @throws {PolylogError} `POLYLOG_E_QUERY_SYNTAX` with the position and what was expected
 */
export function readFilter(text: string, target: Target = "logs"): RecordFilter {
  const result = parseQuery(text, { target });
  if (!result.ok) {
    const { message, start, end, expected } = result.error;
    throw new PolylogError("POLYLOG_E_QUERY_SYNTAX", `${message}.`, { position: { start, end }, expected });
  }
  const { tree } = result;
  return { target, text, tree, isEverything: tree.kind === "all", ...filterToSql(tree, target) };
}

/** The filters that every record and every span passes. */
export const EVERYTHING: Readonly<Record<Target, RecordFilter>> = {
  logs: readFilter("", "logs"),
  traces: readFilter("", "traces"),
};
