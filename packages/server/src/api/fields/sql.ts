import type { Target } from "../../query/index.ts";
import { inHours } from "../field-values/rollup.ts";
import type { Statement } from "../statement.ts";
import { inWindow, type Window } from "../window.ts";

/** Newest spans of the window whose attributes are looked at: there are no hourly sums of them. */
const SPANS_READ = 20_000;

/** The keys of attributes that records or spans in the window have: kind, key, count. */
export const FIELDS_STATEMENTS: Readonly<
  Record<Target, (window: Window, prefix: string, limit: number) => Statement>
> = { logs: logFieldsStatement, traces: spanFieldsStatement };

function logFieldsStatement(window: Window, prefix: string, limit: number): Statement {
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

function spanFieldsStatement(window: Window, prefix: string, limit: number): Statement {
  const time = inWindow(window);
  return {
    sql: `SELECT Kind, Key, count() AS Spans
FROM (
  SELECT SpanAttributes, ResourceAttributes, ScopeAttributes
  FROM otel_traces
  WHERE ${time.sql}
  ORDER BY Timestamp DESC
  LIMIT ${SPANS_READ}
)
ARRAY JOIN
  arrayConcat(
    arrayWithConstant(length(SpanAttributes), 'attribute'),
    arrayWithConstant(length(ResourceAttributes), 'resource'),
    arrayWithConstant(length(ScopeAttributes), 'scope')
  ) AS Kind,
  arrayConcat(mapKeys(SpanAttributes), mapKeys(ResourceAttributes), mapKeys(ScopeAttributes)) AS Key
WHERE startsWith(lowerUTF8(Key), lowerUTF8({prefix:String}))
GROUP BY Kind, Key
ORDER BY Spans DESC, Key
LIMIT {limit:UInt32}`,
    parameters: { ...time.parameters, prefix, limit },
  };
}
