import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MIGRATIONS } from "./migrations.ts";
import { replicated, replicatedMigrations } from "./replicated.ts";
import { startTestEngine } from "./testing/store.ts";

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
});
