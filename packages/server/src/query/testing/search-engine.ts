import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedEngine, startEmbeddedEngine } from "@polylog/engine";
import type { Target } from "../ast.ts";
import { parseQuery } from "../parser.ts";
import { filterToSql } from "../sql/filter.ts";
import type { TestRecord } from "./record.ts";

/** The columns that queries read, with the store's indexes. */
const TABLES = [
  `CREATE TABLE otel_logs (
    Id UInt64, Timestamp DateTime64(9), SeverityNumber UInt8, SeverityText LowCardinality(String),
    ServiceName LowCardinality(String), ScopeName LowCardinality(String), Host LowCardinality(String),
    Runtime LowCardinality(String), Receiver LowCardinality(String), EventName LowCardinality(String),
    TraceId String, SpanId String, Body String,
    LogAttributes Map(LowCardinality(String), String), ResourceAttributes Map(LowCardinality(String), String),
    ScopeAttributes Map(LowCardinality(String), String),
    INDEX body Body TYPE text(tokenizer = splitByNonAlpha, preprocessor = lowerUTF8(Body)),
    INDEX log_keys mapKeys(LogAttributes) TYPE bloom_filter,
    INDEX log_values mapValues(LogAttributes) TYPE bloom_filter,
    INDEX resource_keys mapKeys(ResourceAttributes) TYPE bloom_filter,
    INDEX resource_values mapValues(ResourceAttributes) TYPE bloom_filter,
    INDEX scope_keys mapKeys(ScopeAttributes) TYPE bloom_filter
  ) ENGINE = MergeTree ORDER BY Id SETTINGS index_granularity = 4`,
  `CREATE TABLE otel_traces (
    Id UInt64, Timestamp DateTime64(9), TraceId String, SpanId String, ParentSpanId String,
    SpanName LowCardinality(String), SpanKind LowCardinality(String), ServiceName LowCardinality(String),
    ScopeName LowCardinality(String), Host LowCardinality(String), Runtime LowCardinality(String),
    Receiver LowCardinality(String), Duration UInt64, StatusCode LowCardinality(String), StatusMessage String,
    ResourceAttributes Map(LowCardinality(String), String), SpanAttributes Map(LowCardinality(String), String),
    ScopeAttributes Map(LowCardinality(String), String), Events Nested(Name LowCardinality(String))
  ) ENGINE = MergeTree ORDER BY Id`,
] as const;

/** The real engine with the store's tables, to ask queries of. */
export interface SearchEngine {
  readonly engine: EmbeddedEngine;
  insert(records: readonly TestRecord[]): Promise<void>;
  insertSpans(rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  truncate(): Promise<void>;
  /** The ids of the records that a query finds, ascending. */
  search(query: string, target?: Target): Promise<readonly number[]>;
  close(): Promise<void>;
}

export async function startSearchEngine(): Promise<SearchEngine> {
  const directory = await mkdtemp(join(tmpdir(), "polylog-query-"));
  const engine = startEmbeddedEngine({ directory });
  await engine.ready();
  const { client } = engine;
  for (const query of TABLES) await client.command({ query });

  async function insertRows(
    table: string,
    rows: readonly Readonly<Record<string, unknown>>[],
  ): Promise<void> {
    await client.insert({
      table,
      values: rows,
      format: "JSONEachRow",
      clickhouse_settings: { date_time_input_format: "best_effort" },
    });
  }

  return {
    engine,
    insert: (records) => insertRows("otel_logs", records.map(logRow)),
    insertSpans: (rows) => insertRows("otel_traces", rows),
    async truncate() {
      await client.command({ query: "TRUNCATE TABLE otel_logs" });
    },
    async search(query, target = "logs") {
      const result = parseQuery(query, { target });
      if (!result.ok) throw new Error(`${query}: ${result.error.message}`);
      const { sql, parameters } = filterToSql(result.tree, target);
      const answer = await client.query({
        query: `SELECT Id FROM otel_${target} WHERE ${sql} ORDER BY Id`,
        query_params: parameters,
        format: "JSONEachRow",
      });
      const rows = await answer.json<{ Id: string | number }>();
      return rows.map((row) => Number(row.Id));
    },
    async close() {
      await engine.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function logRow(record: TestRecord): Readonly<Record<string, unknown>> {
  return {
    Id: record.id,
    Timestamp: record.timestamp,
    SeverityNumber: record.severityNumber,
    SeverityText: record.severityText,
    ServiceName: record.service,
    ScopeName: record.logger,
    Host: record.host,
    Runtime: record.runtime,
    Receiver: record.receiver,
    EventName: record.event,
    TraceId: record.trace,
    SpanId: record.span,
    Body: record.body,
    LogAttributes: record.attributes,
    ResourceAttributes: record.resource,
    ScopeAttributes: record.scope,
  };
}
