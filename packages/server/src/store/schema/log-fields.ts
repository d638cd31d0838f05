/**
 * `log_fields`: how often each attribute had each value, by hour of the record. Feeds field names, completion and
 * facets without reading the records. `Arrived` is when the newest of them came in; retention goes by it.
 */
export const LOG_FIELDS = `
CREATE TABLE IF NOT EXISTS log_fields (
  Hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
  Kind LowCardinality(String) CODEC(ZSTD(1)),
  Key LowCardinality(String) CODEC(ZSTD(1)),
  Value String CODEC(ZSTD(1)),
  Count SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  Arrived SimpleAggregateFunction(max, DateTime('UTC')) CODEC(Delta, ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(Hour)
ORDER BY (Hour, Kind, Key, Value)
SETTINGS non_replicated_deduplication_window = 1000, materialize_ttl_recalculate_only = 1`;

/** A key with more distinct values than this in a block and hour is an id: only how often it was there is kept. */
const VALUES_A_KEY = 100;
/** Longer values are no facets. In bytes. */
const VALUE_BYTES = 128;
/** Keys that one block may bring; beyond these nothing is kept, or one hostile record could flood the table. */
const KEYS_A_BLOCK = 2000;

/**
 * Fills `log_fields` from each inserted block.
 *
 * Resource and scope attributes are the same on many rows, so the rows are counted by the whole map first and
 * only the distinct maps are unfolded.
 */
export const LOG_FIELDS_VIEW = `
CREATE MATERIALIZED VIEW IF NOT EXISTS log_fields_mv TO log_fields AS
SELECT
  Hour,
  Kind,
  Key,
  tupleElement(Kept, 1) AS Value,
  tupleElement(Kept, 2) AS Count,
  now('UTC') AS Arrived
FROM (
  SELECT
    Hour,
    Kind,
    Key,
    arrayJoin(if(count() > ${VALUES_A_KEY}, [('', sum(Records))], groupArray(${VALUES_A_KEY})((Value, Records)))) AS Kept
  FROM (
    SELECT Hour, Kind, Key, Value, sum(Records) AS Records
    FROM (
      SELECT Hour, Kind, tupleElement(Pair, 1) AS Key,
        if(length(tupleElement(Pair, 2)) > ${VALUE_BYTES}, '', tupleElement(Pair, 2)) AS Value, Records
      FROM (
        SELECT toStartOfHour(Bucket) AS Hour, 'attribute' AS Kind, arrayJoin(LogAttributes) AS Pair, 1 AS Records
        FROM otel_logs
        UNION ALL
        SELECT Hour, 'resource' AS Kind, arrayJoin(Attributes) AS Pair, Records
        FROM (
          SELECT toStartOfHour(Bucket) AS Hour, ResourceAttributes AS Attributes, count() AS Records
          FROM otel_logs GROUP BY Hour, Attributes
        )
        UNION ALL
        SELECT Hour, 'scope' AS Kind, arrayJoin(Attributes) AS Pair, Records
        FROM (
          SELECT toStartOfHour(Bucket) AS Hour, ScopeAttributes AS Attributes, count() AS Records
          FROM otel_logs GROUP BY Hour, Attributes
        )
      )
    )
    GROUP BY Hour, Kind, Key, Value
  )
  GROUP BY Hour, Kind, Key
  ORDER BY sum(Records) DESC
  LIMIT ${KEYS_A_BLOCK}
)`;
