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

/** A name with more distinct values than this in a block and hour is an id: only how often it was there is kept. */
export const VALUES_A_NAME = 100;
/** Longer values are no facets. In bytes. */
export const VALUE_BYTES = 128;
/** Names that one block may bring; beyond these nothing is kept, or one hostile record could flood the table. */
export const NAMES_A_BLOCK = 2000;

/** Fills `log_fields` from each inserted block. Replaced by {@link LOG_FIELDS_COUNTED_VIEW} and {@link LOG_FIELDS_OTHERS_VIEW}. */
export const LOG_FIELDS_VIEW = view("log_fields_mv", "otel_logs");

/** The column of `otel_logs` in which the server counts what is in a block, in its first row. */
export const FIELD_COUNTS = "FieldCounts";
export const FIELD_COUNTS_TYPE =
  "Array(Tuple(Hour DateTime('UTC'), Kind UInt8, Name String, Value String, Count UInt64))";
/** `Kind` there; in the table, by the same numbers, {@link KINDS}. */
export const FIELD_KIND = { attribute: 1, resource: 2, scope: 3 } as const;
const KINDS = "['attribute', 'resource', 'scope']";

/** Nothing asks for it: it is there for the view. */
export const ADD_FIELD_COUNTS = `
ALTER TABLE otel_logs ADD COLUMN IF NOT EXISTS ${FIELD_COUNTS} ${FIELD_COUNTS_TYPE} CODEC(ZSTD(1))`;

/**
 * Fills `log_fields` with what the server has counted. To count it here took half of an insert: 1.5 to 2.2 CPU seconds a
 * million records.
 */
export const LOG_FIELDS_COUNTED_VIEW = `
CREATE MATERIALIZED VIEW IF NOT EXISTS log_fields_counted_mv TO log_fields AS
SELECT
  tupleElement(Field, 'Hour') AS Hour,
  ${KINDS}[tupleElement(Field, 'Kind')] AS Kind,
  tupleElement(Field, 'Name') AS Key,
  tupleElement(Field, 'Value') AS Value,
  tupleElement(Field, 'Count') AS Count,
  now('UTC') AS Arrived
FROM otel_logs
ARRAY JOIN ${FIELD_COUNTS} AS Field`;

/** Counts records that other tools insert, such as the Collector's exporter: they name no receiver. */
export const LOG_FIELDS_OTHERS_VIEW = view(
  "log_fields_others_mv",
  "(SELECT * FROM otel_logs WHERE Receiver = '')",
);

/**
 * A view that counts attributes. In one pass over the three maps at once: this is a third of the cost of a query for each
 * of them (of a batch of 10,000 records, 1 of 10 CPU seconds a million; of a single one, 10 of 23 ms).
 */
function view(name: string, records: string): string {
  return `
CREATE MATERIALIZED VIEW IF NOT EXISTS ${name} TO log_fields AS
SELECT
  Hour,
  ['attribute', 'resource', 'scope'][KindNumber] AS Kind,
  Key,
  tupleElement(Kept, 1) AS Value,
  tupleElement(Kept, 2) AS Count,
  now('UTC') AS Arrived
FROM (
  SELECT
    Hour,
    KindNumber,
    Key,
    arrayJoin(
      if(count() > ${VALUES_A_NAME}, [('', sum(Records))], groupArray(${VALUES_A_NAME})((Facet, Records)))
    ) AS Kept
  FROM (
    SELECT
      toStartOfHour(Bucket) AS Hour,
      KindNumber,
      Key,
      if(length(Text) > ${VALUE_BYTES}, '', Text) AS Facet,
      count() AS Records
    FROM ${records}
    ARRAY JOIN
      arrayConcat(
        arrayWithConstant(length(LogAttributes), 1),
        arrayWithConstant(length(ResourceAttributes), 2),
        arrayWithConstant(length(ScopeAttributes), 3)
      ) AS KindNumber,
      arrayConcat(mapKeys(LogAttributes), mapKeys(ResourceAttributes), mapKeys(ScopeAttributes)) AS Key,
      arrayConcat(mapValues(LogAttributes), mapValues(ResourceAttributes), mapValues(ScopeAttributes)) AS Text
    GROUP BY Hour, KindNumber, Key, Facet
  )
  GROUP BY Hour, KindNumber, Key
  ORDER BY sum(Records) DESC
  LIMIT ${NAMES_A_BLOCK}
)`;
}
