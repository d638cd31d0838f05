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
  /** As an insert has made it: its text index waits for the first merge. */
  readonly isFresh: boolean;
}

/** A part without what the index knows of it; or, with 0 for its rows, what the index knows of one. */
export type Row = readonly [
  name: string,
  rows: string,
  first: number,
  last: number,
  partition: string,
  isThinned: 0 | 1,
  found: string,
];

/**
 * Asks for the parts of the table of logs and, of each, in how many records its text index has a token. Reads no record:
 * a few milliseconds, whatever there is.
 *
 * Rejects where the server's user can't see this: an older ClickHouse, or one that doesn't let it.
 */
export async function partsWith(
  engine: Pick<Engine, "client" | "database">,
  token: string,
  signal: AbortSignal,
): Promise<readonly Part[]> {
  const answer = await engine.client.query({
    query: `SELECT name, rows, toUInt32(min_time), toUInt32(max_time), partition_id, has_lightweight_delete, toUInt64(0)
FROM system.parts
WHERE active AND rows > 0 AND database = {database:String} AND table = 'otel_logs'
UNION ALL
SELECT part_name, 0, 0, 0, '', 0, cardinality
FROM mergeTreeTextIndex(${quoteIdentifier(engine.database)}, otel_logs, idx_body)
WHERE token = {token:String}`,
    query_params: { database: engine.database, token },
    format: "JSONCompactEachRow",
    clickhouse_settings: { max_execution_time: MOST_SECONDS, max_threads: 1 },
    abort_signal: signal,
  });
  return readParts(await answer.json<Row>());
}

/** The parts by the rows of that answer. */
export function readParts(rows: readonly Row[]): readonly Part[] {
  const counts = new Map(rows.flatMap((row) => (row[1] === "0" ? [[row[0], Number(row[6])] as const] : [])));
  return rows
    .filter(([, rows]) => rows !== "0")
    .map((row) => {
      const [name, rows, first, last, , isThinned] = row;
      const found = isThinned === 1 ? null : (counts.get(name) ?? null);
      const isFresh = FRESH.test(name);
      return { name, rows: Number(rows), found, isFresh, ...(isTimeKnown(row) ? { first, last } : ANY_TIME) };
    });
}

/** The name of a part that no merge has made ends in its level, 0. */
const FRESH = /_0$/;

/** Whether these parts are all there still. */
export async function areAllThere(
  engine: Pick<Engine, "client" | "database">,
  names: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const answer = await engine.client.query({
    query: `SELECT toUInt32(count()) FROM system.parts
WHERE active AND database = {database:String} AND table = 'otel_logs' AND name IN {names:Array(String)}`,
    query_params: { database: engine.database, names },
    format: "JSONCompactEachRow",
    clickhouse_settings: { max_execution_time: MOST_SECONDS, max_threads: 1 },
    abort_signal: signal,
  });
  const [row] = await answer.json<[number]>();
  return row?.[0] === names.length;
}

const MOST_SECONDS = 5;

/** Neither outside of any window, nor within one. */
const ANY_TIME = { first: 0, last: Number.POSITIVE_INFINITY };

/**
 * Whether the seconds are those of its records: times before 1970 and after 2106 turn up as others. Partitions go by day,
 * month or year and are named by their first day, which wraps round elsewhere: so both agree only when both are right.
 */
function isTimeKnown([, , first, last, partition]: Row): boolean {
  const begin = Date.parse(partition.replace(/^(....)(..)(..)$/, "$1-$2-$3")) / 1_000;
  return first >= begin && last < begin + LONGEST_PARTITION;
}

const LONGEST_PARTITION = 366 * 24 * 3_600;

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
