import type { Engine } from "@polylog/engine";
import { createTablesOfAll } from "../../store/all-nodes.ts";
import { OTEL_LOGS } from "../../store/schema/otel-logs.ts";
import { OTEL_TRACES } from "../../store/schema/otel-traces.ts";
import { startTestEngine } from "../../store/testing/store.ts";
import { parseQuery } from "../parser.ts";
import { filterToSql, type SqlFilter } from "../sql/filter.ts";
import type { Target } from "../target.ts";
import type { TestRecord } from "./record.ts";

/** Tests have few records: in granules as small as this, the indexes have something to skip. */
function inSmallGranules(table: string): string {
  return table.replace(/index_granularity = \d+/, "index_granularity = 8");
}

/** The real engine with the store's tables, to ask queries of. */
export interface SearchEngine {
  readonly engine: Engine;
  insert(records: readonly TestRecord[]): Promise<void>;
  insertSpans(rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  truncate(): Promise<void>;
  /** How the engine goes about a query on logs: the names of the indexes that it asks. */
  indexes(query: string): Promise<readonly string[]>;
  /** How much the indexes leave to read of a query on logs. */
  granules(query: string): Promise<number>;
  /** The ids of the records that a query finds, ascending. */
  search(query: string, target?: Target): Promise<readonly number[]>;
  close(): Promise<void>;
}

export async function startSearchEngine(): Promise<SearchEngine> {
  const { engine, close } = await startTestEngine();
  await engine.ready();
  const { client, nodes, cluster } = engine;
  for (const node of nodes) {
    for (const table of [OTEL_LOGS, OTEL_TRACES])
      await node.client.command({ query: inSmallGranules(table) });
    if (cluster !== null) await createTablesOfAll(node, engine, cluster);
  }

  /** Some on each node. */
  async function insertRows(
    table: string,
    rows: readonly Readonly<Record<string, unknown>>[],
  ): Promise<void> {
    for (const [index, node] of nodes.entries()) {
      await node.client.insert({
        table,
        values: rows.filter((_, row) => row % nodes.length === index),
        format: "JSONEachRow",
        clickhouse_settings: { date_time_input_format: "best_effort" },
      });
    }
  }

  /** Of a node: its own tables have the indexes. */
  async function plan(query: string): Promise<string> {
    const { sql, parameters } = statementOf(query, "logs");
    const answer = await (nodes[0]?.client ?? client).query({
      query: `EXPLAIN indexes = 1 SELECT count() FROM otel_logs WHERE ${sql}`,
      query_params: parameters,
      format: "TabSeparatedRaw",
    });
    return answer.text();
  }

  return {
    engine,
    insert: (records) => insertRows("otel_logs", records.map(logRow)),
    insertSpans: (rows) => insertRows("otel_traces", rows),
    async truncate() {
      await Promise.all(nodes.map((node) => node.client.command({ query: "TRUNCATE TABLE otel_logs" })));
    },
    async indexes(query) {
      return [...(await plan(query)).matchAll(/^\s*Name: (\w+)$/gm)].map((match) => match[1] as string);
    },
    async granules(query) {
      const counts = [...(await plan(query)).matchAll(/^\s*Granules: (\d+)/gm)].map((match) =>
        Number(match[1]),
      );
      return Math.min(...counts);
    },
    async search(query, target = "logs") {
      const { sql, parameters } = statementOf(query, target);
      const answer = await client.query({
        query: `SELECT Id FROM otel_${target} WHERE ${sql} ORDER BY Id`,
        query_params: parameters,
        format: "JSONEachRow",
      });
      const rows = await answer.json<{ Id: string | number }>();
      return rows.map((row) => Number(row.Id));
    },
    close,
  };
}

function statementOf(query: string, target: Target): SqlFilter {
  const result = parseQuery(query, { target });
  if (!result.ok) throw new Error(`${query}: ${result.error.message}`);
  return filterToSql(result.tree, target);
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
