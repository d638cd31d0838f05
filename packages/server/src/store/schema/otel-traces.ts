import { NEW_ID_SQL } from "../id.ts";
import { attributeKeys, attributeValues } from "./attribute-indexes.ts";
import { RECORD_PARTITION } from "./partition.ts";

/** `otel_traces`: one row a span, with the exporter's columns up to `Links` and then ours, like `otel_logs`. */
export const OTEL_TRACES = `
CREATE TABLE IF NOT EXISTS otel_traces (
  Timestamp DateTime64(9, 'UTC') CODEC(T64, LZ4),
  TraceId String CODEC(ZSTD(1)),
  SpanId String CODEC(ZSTD(1)),
  ParentSpanId String CODEC(ZSTD(1)),
  TraceState String CODEC(ZSTD(1)),
  SpanName LowCardinality(String) CODEC(ZSTD(1)),
  SpanKind LowCardinality(String) CODEC(ZSTD(1)),
  ServiceName LowCardinality(String) CODEC(ZSTD(1)),
  ResourceAttributes Map(LowCardinality(String), String) CODEC(LZ4),
  ScopeName LowCardinality(String) CODEC(ZSTD(1)),
  ScopeVersion LowCardinality(String) CODEC(ZSTD(1)),
  SpanAttributes Map(LowCardinality(String), String) CODEC(LZ4),
  Duration UInt64 CODEC(T64, LZ4),
  StatusCode LowCardinality(String) CODEC(ZSTD(1)),
  StatusMessage String CODEC(ZSTD(1)),
  Events Nested (
    Timestamp DateTime64(9, 'UTC'),
    Name LowCardinality(String),
    Attributes Map(LowCardinality(String), String)
  ) CODEC(ZSTD(1)),
  Links Nested (
    TraceId String,
    SpanId String,
    TraceState String,
    Attributes Map(LowCardinality(String), String)
  ) CODEC(ZSTD(1)),

  ScopeAttributes Map(LowCardinality(String), String) CODEC(LZ4),
  Host LowCardinality(String) CODEC(ZSTD(1)),
  Runtime LowCardinality(String) CODEC(ZSTD(1)),
  Receiver LowCardinality(String) CODEC(ZSTD(1)),
  Id UInt64 DEFAULT ${NEW_ID_SQL} CODEC(T64, LZ4),
  Bucket DateTime('UTC') DEFAULT toStartOfFiveMinutes(toDateTime(Timestamp)) CODEC(LZ4),

  INDEX idx_id Id TYPE minmax GRANULARITY 1,
  INDEX idx_duration Duration TYPE minmax GRANULARITY 1,
  INDEX idx_service ServiceName TYPE set(64) GRANULARITY 4,
  INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX idx_attribute_keys ${attributeKeys("SpanAttributes")} TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX idx_attribute_values ${attributeValues("SpanAttributes")} TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY ${RECORD_PARTITION}
ORDER BY (Timestamp, Id)
SETTINGS
  index_granularity = 2048,
  min_compress_block_size = 8192,
  max_compress_block_size = 131072,
  non_replicated_deduplication_window = 1000,
  ttl_only_drop_parts = 1,
  -- A day that is over becomes one part: every part has an index of its own, which each question asks.
  min_age_to_force_merge_seconds = 3600,
  min_age_to_force_merge_on_partition_only = 1,
  materialize_ttl_recalculate_only = 1`;

/**
 * `otel_traces_trace_id_ts`: from a trace id to the time it covers, so that the spans of a trace are found
 * without a window. Several rows a trace, one for each batch that had spans of it.
 */
export const OTEL_TRACES_TRACE_ID_TS = `
CREATE TABLE IF NOT EXISTS otel_traces_trace_id_ts (
  TraceId String CODEC(ZSTD(1)),
  Start DateTime('UTC') CODEC(Delta, ZSTD(1)),
  End DateTime('UTC') CODEC(Delta, ZSTD(1)),
  Arrived DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD(1)),
  INDEX idx_trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYear(Start)
ORDER BY (TraceId, Start)
SETTINGS non_replicated_deduplication_window = 1000, materialize_ttl_recalculate_only = 1`;

/** Fills `otel_traces_trace_id_ts` from each inserted block. */
export const OTEL_TRACES_TRACE_ID_TS_VIEW = `
CREATE MATERIALIZED VIEW IF NOT EXISTS otel_traces_trace_id_ts_mv TO otel_traces_trace_id_ts AS
SELECT TraceId, toDateTime(min(Timestamp)) AS Start, toDateTime(max(Timestamp)) AS End, now('UTC') AS Arrived
FROM otel_traces
WHERE TraceId != ''
GROUP BY TraceId`;
