import type { RecordFilter } from "../filter.ts";
import { LOG_COLUMNS } from "../log-row.ts";
import type { Statement } from "../statement.ts";

/** Ids and times (nanoseconds since 1970) of the records that match and came in after an id, in that order. */
export function arrivalsStatement(after: bigint, filter: RecordFilter, limit: number): Statement {
  return {
    sql: `SELECT Id, toUnixTimestamp64Nano(Timestamp)
FROM otel_logs
WHERE Id > {after:UInt64} AND (${filter.sql})
ORDER BY Id
LIMIT {limit:UInt32}`,
    parameters: { ...filter.parameters, after: String(after), limit },
  };
}

/** How many more there are than were looked at, and the last of them. */
export function furtherArrivalsStatement(after: bigint, filter: RecordFilter): Statement {
  return {
    sql: `SELECT count(), max(Id) FROM otel_logs WHERE Id > {after:UInt64} AND (${filter.sql})`,
    parameters: { ...filter.parameters, after: String(after) },
  };
}

export interface Arrival {
  readonly id: bigint;
  /** Nanoseconds since 1970. */
  readonly timestamp: bigint;
}

/** The records of some arrivals, in order of arrival. */
export function arrivedRowsStatement(arrivals: readonly Arrival[]): Statement {
  const times = arrivals.map(({ timestamp }) => timestamp).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return {
    sql: `SELECT ${LOG_COLUMNS}
FROM otel_logs
WHERE Timestamp >= fromUnixTimestamp64Nano({first:Int64}) AND Timestamp <= fromUnixTimestamp64Nano({last:Int64})
  AND Id IN {ids:Array(UInt64)}
ORDER BY Id`,
    parameters: {
      first: String(times[0] ?? 0n),
      last: String(times.at(-1) ?? 0n),
      ids: arrivals.map(({ id }) => id),
    },
  };
}
