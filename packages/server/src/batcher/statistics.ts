/** Upper bounds of the histogram of insert times, in milliseconds. The last bucket is open. */
export const INSERT_MS_BOUNDS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000] as const;

/** What happened with one table since the start. */
export interface TableStatistics {
  /** Inserts that were committed. */
  batches: number;
  /** Rows in them. */
  rows: number;
  /** Bytes of their blocks. */
  bytes: number;
  /** Inserts that failed, whether or not they were tried again. */
  failures: number;
  /** Records that can't be stored for what is in them. */
  refusedRecords: number;
  /** Milliseconds that the committed inserts took in all. */
  insertMs: number;
  /** How many took up to each of {@link INSERT_MS_BOUNDS}, not cumulative; the last entry is for longer ones. */
  readonly insertMsBuckets: number[];
}

export interface BatcherStatistics {
  /** Bytes of requests that wait or are under way, now. */
  readonly queuedBytes: number;
  /** Requests that wait or are under way, now. */
  readonly queuedRequests: number;
  /** Requests that were told to come back because the queue was full, since the start. */
  readonly turnedAway: number;
  readonly logs: Readonly<TableStatistics>;
  readonly spans: Readonly<TableStatistics>;
}

export function createTableStatistics(): TableStatistics {
  return {
    batches: 0,
    rows: 0,
    bytes: 0,
    failures: 0,
    refusedRecords: 0,
    insertMs: 0,
    insertMsBuckets: new Array<number>(INSERT_MS_BOUNDS.length + 1).fill(0),
  };
}

/** Counts a committed insert. */
export function countInsert(statistics: TableStatistics, rows: number, bytes: number, ms: number): void {
  statistics.batches++;
  statistics.rows += rows;
  statistics.bytes += bytes;
  statistics.insertMs += ms;
  const bucket = INSERT_MS_BOUNDS.findIndex((bound) => ms <= bound);
  const at = bucket < 0 ? INSERT_MS_BOUNDS.length : bucket;
  statistics.insertMsBuckets[at] = (statistics.insertMsBuckets[at] ?? 0) + 1;
}
