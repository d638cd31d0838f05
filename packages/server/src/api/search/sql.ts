import type { RecordFilter } from "../filter.ts";
import { LOG_COLUMNS } from "../log-row.ts";
import type { Statement } from "../statement.ts";
import { inWindow, type Window } from "../window.ts";
import type { Cursor } from "./cursor.ts";

export type Order = "desc" | "asc";

export interface Page {
  readonly order: Order;
  readonly limit: number;
  /** The last row of the page before. */
  readonly after?: Cursor;
}

/** Rows by time: the order of the primary key, in which the engine reads up to the limit and stops. */
export function searchStatement(
  window: Window,
  filter: RecordFilter,
  { order, limit, after }: Page,
): Statement {
  const time = inWindow(window);
  const compare = order === "desc" ? "<" : ">";
  const position =
    after === undefined
      ? "true"
      : `(Timestamp, Id) ${compare} (fromUnixTimestamp64Nano({after_time:Int64}), {after_id:UInt64})`;
  const parameters = {
    ...filter.parameters,
    ...time.parameters,
    limit,
    ...(after === undefined ? {} : { after_time: String(after.timestamp), after_id: String(after.id) }),
  };
  return {
    sql: `SELECT ${LOG_COLUMNS}
FROM otel_logs
WHERE ${time.sql} AND ${position} AND (${filter.sql})
ORDER BY Timestamp ${order}, Id ${order}
LIMIT {limit:UInt32}`,
    parameters,
  };
}

/** The window cut to what can come after a cursor, so that a later page doesn't look through the earlier ones. */
export function windowAfter(window: Window, order: Order, after: Cursor | undefined): Window {
  if (after === undefined) return window;
  const milliseconds = Number(after.timestamp / 1_000_000n);
  return order === "desc"
    ? { from: window.from, to: Math.min(window.to, milliseconds + 1) }
    : { from: Math.max(window.from, milliseconds), to: window.to };
}
