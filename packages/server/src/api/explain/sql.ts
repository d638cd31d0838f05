import { type RecordFilter, TABLES } from "../filter.ts";
import type { Statement } from "../statement.ts";
import { inWindow, type Window } from "../window.ts";

/** The time of the newest record or span that matches, outside a window. */
export function newestOutsideStatement(window: Window, filter: RecordFilter): Statement {
  const time = inWindow(window);
  return {
    sql: `SELECT Timestamp
FROM ${TABLES[filter.target]}
WHERE NOT (${time.sql}) AND (${filter.sql})
ORDER BY Timestamp DESC
LIMIT 1`,
    parameters: { ...filter.parameters, ...time.parameters },
  };
}
