import { inHours } from "../field-values/rollup.ts";
import type { Statement } from "../statement.ts";
import type { Window } from "../window.ts";

/** The keys of attributes that records in the window have: kind, key, count. */
export function fieldsStatement(window: Window, prefix: string, limit: number): Statement {
  const hours = inHours(window);
  return {
    sql: `SELECT Kind, Key, sum(Count) AS Records
FROM log_fields
WHERE ${hours.sql} AND startsWith(lowerUTF8(Key), lowerUTF8({prefix:String}))
GROUP BY Kind, Key
ORDER BY Records DESC, Key
LIMIT {limit:UInt32}`,
    parameters: { ...hours.parameters, prefix, limit },
  };
}
