import type { Statement } from "../statement.ts";
import { inWindow, type Window } from "../window.ts";

/** The time of the newest record that matches, outside a window. */
export function newestOutsideStatement(window: Window, condition: Statement): Statement {
  const time = inWindow(window);
  return {
    sql: `SELECT Timestamp
FROM otel_logs
WHERE NOT (${time.sql}) AND (${condition.sql})
ORDER BY Timestamp DESC
LIMIT 1`,
    parameters: { ...condition.parameters, ...time.parameters },
  };
}
