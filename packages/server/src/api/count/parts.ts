import { type Engine, quoteIdentifier } from "@polylog/engine";
import type { Window } from "../window.ts";

/** A part of the table of logs: a set of records that is never changed, only replaced by another part. */
export interface Part {
  readonly name: string;
  readonly rows: number;
  /** The seconds since 1970 that its records lie in, both inclusive. */
  readonly first: number;
  readonly last: number;
  /** Records that have the token; null when its index doesn't tell, as it has not been built or records were deleted. */
  readonly found: number | null;
}

/** A part without what the index knows, or, with null for its rows, what the index knows of a part. */
type Row = readonly [
  name: string,
  rows: number | null,
  first: number,
  last: number,
  isThinned: 0 | 1,
  found: number,
];

/**
 * Asks for the parts of the table of logs and, of each, in how many records its text index has a token. Reads no record:
 * a few milliseconds, whatever there is.
 *
 * Rejects where the server's user can't see this: an older ClickHouse, or one that doesn't let it.
 *
 * @returns null when the time that a part covers isn't known
 */
export async function partsWith(
  engine: Pick<Engine, "client" | "database">,
  token: string,
  signal: AbortSignal,
): Promise<readonly Part[] | null> {
  const answer = await engine.client.query({
    query: `SELECT
  name,
  toNullable(toFloat64(rows)),
  ${secondsSince1970("min_time")},
  ${secondsSince1970("max_time")},
  has_lightweight_delete,
  toFloat64(0)
FROM system.parts
WHERE active AND rows > 0 AND database = {database:String} AND table = 'otel_logs'
UNION ALL
SELECT part_name, NULL, 0, 0, 0, toFloat64(cardinality)
FROM mergeTreeTextIndex(${quoteIdentifier(engine.database)}, otel_logs, idx_body)
WHERE token = {token:String}`,
    query_params: { database: engine.database, token },
    format: "JSONCompactEachRow",
    clickhouse_settings: { max_execution_time: MOST_SECONDS, max_threads: 1 },
    abort_signal: signal,
  });
  const rows = await answer.json<Row>();
  const found = new Map(rows.flatMap((row) => (row[1] === null ? [[row[0], row[5]] as const] : [])));
  const parts = rows.flatMap(([name, rows, first, last, isThinned]) =>
    rows === null ? [] : [{ name, rows, first, last, found: isThinned ? null : (found.get(name) ?? null) }],
  );
  return parts.some(({ first }) => first === 0) ? null : parts;
}

const MOST_SECONDS = 5;

/**
 * A time of a part, or 0 when it isn't known: it is a DateTime, in which times before 1970 and after 2106 turn up as others.
 * Partitions go by day, month or year and are named by their first day.
 */
function secondsSince1970(column: string): string {
  return `if(toUInt32OrZero(partition_id) BETWEEN 19700102 AND 21051231, toFloat64(toUnixTimestamp(${column})), 0)`;
}

/** The parts that have records of the window, by whether the index has counted all that is asked of them. */
export function partsOfWindow(
  parts: readonly Part[],
  { from, to }: Window,
): { readonly counted: readonly Part[]; readonly rest: readonly Part[] } {
  const counted: Part[] = [];
  const rest: Part[] = [];
  for (const part of parts) {
    const first = part.first * 1_000;
    const end = (part.last + 1) * 1_000;
    if (end <= from || first >= to) continue;
    (part.found !== null && first >= from && end <= to ? counted : rest).push(part);
  }
  return { counted, rest };
}
