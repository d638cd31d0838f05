import type { LogRow } from "../../contract/index.ts";
import { instantNanoseconds } from "../../query/instant.ts";
import { LOG_COLUMNS } from "../log-row.ts";
import type { Statement } from "../statement.ts";
import { inWindow, type Window } from "../window.ts";

/** The attribute that names the file a record was read from. Source: OpenTelemetry's semantic conventions. */
const FILE = "log.file.path";

/** The records from the same source on one side of a record, the nearest first. */
export function neighboursStatement(
  record: LogRow,
  side: "before" | "after",
  within: Window,
  limit: number,
): Statement {
  const time = inWindow(within);
  const order = side === "before" ? "DESC" : "ASC";
  const file = record.attributes[FILE];
  return {
    sql: `SELECT ${LOG_COLUMNS}
FROM otel_logs
WHERE ${time.sql}
  AND ServiceName = {service:String} AND Host = {host:String}${file === undefined ? "" : ` AND LogAttributes['${FILE}'] = {file:String}`}
  AND (Timestamp, Id) ${side === "before" ? "<" : ">"} (fromUnixTimestamp64Nano({at:Int64}), {id:UInt64})
ORDER BY Timestamp ${order}, Id ${order}
LIMIT {limit:UInt32}`,
    parameters: {
      ...time.parameters,
      service: record.service,
      host: record.host,
      ...(file === undefined ? {} : { file }),
      at: String(instantNanoseconds(record.timestamp) ?? 0n),
      id: record.id,
      limit,
    },
  };
}
