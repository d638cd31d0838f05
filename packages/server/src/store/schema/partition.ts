import { ARRIVED_SQL } from "../id.ts";

/**
 * Partitions of records: days, but months for what was a month old when it came, and years for what was two years
 * old. Imports of old logs so make some dozens of parts instead of thousands (each costs milliseconds), and no
 * batch, however scattered its times, makes more than a hundred.
 */
export const RECORD_PARTITION = `multiIf(
  Timestamp >= ${ARRIVED_SQL} - INTERVAL 31 DAY, toDate(Timestamp),
  Timestamp >= ${ARRIVED_SQL} - INTERVAL 2 YEAR, toStartOfMonth(Timestamp),
  toStartOfYear(Timestamp)
)`;
