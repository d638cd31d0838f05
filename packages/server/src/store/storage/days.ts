/** Rows and bytes. */
interface Amount {
  readonly rows: number;
  readonly bytes: number;
}

/** What the records of a day take; of a month or a year, where they came late. */
export interface DayOnDisk {
  /** `2026-11-21`. */
  readonly day: string;
  readonly logs: Amount;
  readonly spans: Amount;
  /** When retention takes the first and the last of it, in milliseconds since 1970; null for never. */
  readonly expiresFrom: number | null;
  readonly expires: number | null;
}

const MAX_DAYS = 1000;

/** From here on a time of expiry means never: in seconds since 1970. See `NEVER` in `retention/expiry.ts`. */
const NEVER_SECONDS = Date.UTC(2105, 0, 1) / 1000;

const DAYS = `
  SELECT
    if(length(partition_id) = 8, concat(substring(partition_id, 1, 4), '-', substring(partition_id, 5, 2), '-',
      substring(partition_id, 7, 2)), partition_id) AS day,
    toFloat64(sumIf(rows, table = 'otel_logs')) AS logRows,
    toFloat64(sumIf(bytes_on_disk, table = 'otel_logs')) AS logBytes,
    toFloat64(sumIf(rows, table = 'otel_traces')) AS spanRows,
    toFloat64(sumIf(bytes_on_disk, table = 'otel_traces')) AS spanBytes,
    toFloat64(min(toUnixTimestamp(delete_ttl_info_min))) AS first,
    toFloat64(max(toUnixTimestamp(delete_ttl_info_max))) AS last
  FROM system.parts
  WHERE active AND database = currentDatabase() AND table IN ('otel_logs', 'otel_traces') AND rows > 0
  GROUP BY partition_id
  ORDER BY partition_id DESC
  LIMIT ${MAX_DAYS}`;

interface Row {
  readonly day: string;
  readonly logRows: number;
  readonly logBytes: number;
  readonly spanRows: number;
  readonly spanBytes: number;
  readonly first: number;
  readonly last: number;
}

/** The days, newest first. The engine keeps with each part when its rows expire. */
export async function readDays(rows: <T>(query: string) => Promise<T[]>): Promise<readonly DayOnDisk[]> {
  return (await rows<Row>(DAYS)).map(({ day, logRows, logBytes, spanRows, spanBytes, first, last }) => ({
    day,
    logs: { rows: logRows, bytes: logBytes },
    spans: { rows: spanRows, bytes: spanBytes },
    expiresFrom: expiryOf(first),
    expires: expiryOf(last),
  }));
}

function expiryOf(seconds: number): number | null {
  return seconds === 0 || seconds >= NEVER_SECONDS ? null : seconds * 1000;
}

const DAY_MS = 86_400_000;
const GROWTH_DAYS = 7;

/**
 * Bytes that a day brings: the mean of the last whole days, which may be fewer than seven. Null when none is whole.
 *
 * @param now milliseconds since 1970
 */
export function growthOf(days: readonly DayOnDisk[], now: number): number | null {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const whole = days.flatMap(({ day, logs, spans }) => {
    const start = Date.parse(day);
    const isRecent = start < today && start >= today - GROWTH_DAYS * DAY_MS;
    return isRecent ? [{ start, bytes: logs.bytes + spans.bytes }] : [];
  });
  if (whole.length === 0) return null;
  // A day without a record counts, once there were some.
  const first = Math.min(...whole.map(({ start }) => start));
  return whole.reduce((sum, { bytes }) => sum + bytes, 0) / ((today - first) / DAY_MS);
}
