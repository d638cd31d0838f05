import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations.ts";
import { refuseUnreplicated, replicated, replicatedMigrations } from "./replicated.ts";
import { silentLog, startTestEngine } from "./testing/store.ts";

const PLACE = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'";

describe("a statement for replicas", () => {
  it.each([
    ["ENGINE = MergeTree ORDER BY n", `ENGINE = ReplicatedMergeTree(${PLACE}) ORDER BY n`],
    ["ENGINE = AggregatingMergeTree\n", `ENGINE = ReplicatedAggregatingMergeTree(${PLACE})\n`],
    ["ENGINE = ReplacingMergeTree(Seen)", `ENGINE = ReplicatedReplacingMergeTree(${PLACE}, Seen)`],
    ["ENGINE = Memory", "ENGINE = Memory"],
    ["ALTER TABLE otel_logs ADD COLUMN n UInt8", "ALTER TABLE otel_logs ADD COLUMN n UInt8"],
  ])("%s", (statement, expected) => {
    expect(replicated(statement)).toBe(expected);
  });
});

describe("the schema for replicas", () => {
  let test: Awaited<ReturnType<typeof startTestEngine>>;
  beforeAll(async () => {
    test = await startTestEngine();
    await test.engine.ready();
  });
  afterAll(() => test.close());

  it("is one that ClickHouse can read; there is no Keeper here to make it", async () => {
    const statements = replicatedMigrations(MIGRATIONS).flatMap((step) => step.statements);
    const tables = statements.filter((statement) => statement.includes("CREATE TABLE"));
    expect(tables.length).toBeGreaterThan(3);
    for (const query of statements) {
      const answer = await test.engine.client.query({
        query: "SELECT formatQuery({query:String}) AS text",
        query_params: { query },
        format: "JSONEachRow",
      });
      const [row] = await answer.json<{ text: string }>();
      if (tables.includes(query)) expect(row?.text).toMatch(/ENGINE = Replicated\w*MergeTree\('\/clickhouse/);
    }
  });

  it("is not taken for granted of tables that are there", async () => {
    const [node] = test.engine.nodes;
    if (node === undefined) throw new Error("there is no node");
    await expect(refuseUnreplicated(node)).resolves.toBeUndefined();
    await migrate(node.client, silentLog);
    await expect(refuseUnreplicated(node)).rejects.toMatchObject({
      code: "POLYLOG_E_CONFIG",
      message: expect.stringMatching(
        /not replicated: log_fields, otel_logs, otel_traces, otel_traces_trace_id_ts\.$/,
      ),
    });
  });
});
