import { LOG_COLUMNS } from "../log-row.ts";
import type { Statement } from "../statement.ts";
import { inWindow } from "../window.ts";

/**
 * One record by its id.
 *
 * @param time milliseconds since 1970 in which its timestamp lies; without it, the minmax index on `Id` finds it
 */
export function recordStatement(id: string, time?: number): Statement {
  const within =
    time === undefined ? { sql: "true", parameters: {} } : inWindow({ from: time, to: time + 1 });
  return {
    sql: `SELECT ${LOG_COLUMNS}
FROM otel_logs
WHERE ${within.sql} AND Id = {id:UInt64}
LIMIT 1`,
    parameters: { ...within.parameters, id },
  };
}
