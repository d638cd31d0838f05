/** Upper bounds of the histogram of insert times, in milliseconds. */
const INSERT_MS_BOUNDS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, Number.POSITIVE_INFINITY];

/** Some of the committed inserts: those that took up to `upTo` milliseconds and longer than the bucket before. */
interface InsertTimes {
  readonly upTo: number;
  count: number;
}

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
  /** The same as a histogram, not cumulative; the last bucket has no bound. */
  readonly insertMsBuckets: readonly InsertTimes[];
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
    insertMsBuckets: INSERT_MS_BOUNDS.map((upTo) => ({ upTo, count: 0 })),
  };
}

/** Counts a committed insert. */
export function countInsert(statistics: TableStatistics, rows: number, bytes: number, ms: number): void {
  statistics.batches++;
  statistics.rows += rows;
  statistics.bytes += bytes;
  statistics.insertMs += ms;
  const bucket = statistics.insertMsBuckets.find(({ upTo }) => ms <= upTo);
  if (bucket !== undefined) bucket.count++;
}
