import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseRetentionRule, type Retention, type RetentionRule } from "../../config/retention-rules.ts";
import { idAt } from "../id.ts";
import { MIGRATIONS } from "../migrations.ts";
import { openStore } from "../store.ts";
import { insertLogs } from "../testing/insert.ts";
import { logRecord } from "../testing/records.ts";
import { openTestStore, silentLog, startTestEngine, type TestStore } from "../testing/store.ts";
import { applyRetention } from "./retention.ts";

const TABLES = ["otel_logs", "otel_traces", "otel_traces_trace_id_ts", "log_fields"];

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore(30);
});
afterAll(() => test.close());

async function changesTo(days: number, ...rules: string[]): Promise<unknown[]> {
  const changes: unknown[] = [];
  const log = { ...silentLog, info: (_: string, attributes?: object) => changes.push(attributes) };
  await applyRetention(test.engine.client, retention(days, ...rules), log);
  return changes;
}

function retention(days: number, ...rules: string[]): Retention {
  return { days, rules: rules.map((rule) => parseRetentionRule(rule) as RetentionRule) };
}

/** Inserts a record that is and came in the given days ago, past the encoder, which knows only today's. */
async function insertOld(days: number, columns: object = { Body: "old" }): Promise<void> {
  const time = Date.now() - days * 86_400_000;
  await test.engine.client.insert({
    table: "otel_logs",
    values: [{ Timestamp: new Date(time).toISOString(), Id: String(idAt(time)), ...columns }],
    format: "JSONEachRow",
    clickhouse_settings: { date_time_input_format: "best_effort" },
  });
}

async function bodies(): Promise<unknown[]> {
  return (await test.rows<{ Body: string }>("SELECT Body FROM otel_logs")).map(({ Body }) => Body);
}

describe("retention", () => {
  it("is left alone when it is what was asked for", async () => {
    expect(await changesTo(30)).toEqual([]);
  });

  it("changes on a store in use, in all tables, and says so once", async () => {
    expect(await changesTo(7)).toEqual([{ to: "7 days", tables: TABLES }]);
    expect(await changesTo(7)).toEqual([]);
  });

  it("may be none", async () => {
    expect(await changesTo(0)).toEqual([{ to: "for ever", tables: TABLES }]);
    expect(await changesTo(0)).toEqual([]);
  });

  it("is no change where the tables are new", async () => {
    const said: unknown[] = [];
    const log = { ...silentLog, info: (message: string) => said.push(message) };
    const { engine, close } = await startTestEngine();
    await openStore(engine, { retentionDays: 30, log });
    await close();
    expect(said).toEqual(MIGRATIONS.map(() => "schema migrated"));
  });

  it("drops what came before it, and keeps what came since, however old that is", async () => {
    await insertOld(10);
    await insertLogs(test, [
      logRecord({ body: "imported", timestamp: BigInt(Date.UTC(2001, 1, 3)) * 1_000_000n }),
    ]);
    expect((await bodies()).sort()).toEqual(["imported", "old"]);
    await test.store.setRetention(retention(7));
    await test.engine.client.command({ query: "OPTIMIZE TABLE otel_logs FINAL" });
    await expect.poll(bodies, { timeout: 20_000 }).toEqual(["imported"]);
  });

  it("with rules keeps each record as long as the first that fits says", async () => {
    const rules = ["service:audit forever", "level:<=debug 3d", 'service:"it\'s" 2d'];
    expect(await changesTo(9, ...rules)).toHaveLength(1);
    expect(await changesTo(9, ...rules)).toEqual([]);
    await test.engine.client.command({ query: "TRUNCATE TABLE otel_logs" });
    await insertOld(6, { ServiceName: "audit", SeverityNumber: 5, Body: "kept: audit" });
    await insertOld(6, { ServiceName: "shop", SeverityNumber: 5, Body: "debug" });
    await insertOld(6, { ServiceName: "shop", SeverityNumber: 9, Body: "kept: info" });
    await insertOld(6, { ServiceName: "it's", SeverityNumber: 9, Body: "short" });
    await insertOld(12, { ServiceName: "shop", SeverityNumber: 9, Body: "old info" });
    await insertOld(12, { ServiceName: "audit", SeverityNumber: 9, Body: "kept: old audit" });
    await test.engine.client.command({ query: "OPTIMIZE TABLE otel_logs FINAL" });
    await expect
      .poll(async () => (await bodies()).sort(), { timeout: 20_000 })
      .toEqual(["kept: audit", "kept: info", "kept: old audit"]);
  });

  it("goes back from rules to none", async () => {
    expect(await changesTo(30)).toHaveLength(1);
    const [table] = await test.rows<{ engine_full: string }>(
      "SELECT engine_full FROM system.tables WHERE database = currentDatabase() AND name = 'otel_logs'",
    );
    expect(table?.engine_full).toContain("ttl_only_drop_parts = 1");
    expect(table?.engine_full).not.toContain("multiIf(ServiceName");
  });

  it.each([-1, 0.5, Number.NaN, 40_000])("of %d days is refused", async (days) => {
    await expect(changesTo(days)).rejects.toMatchObject({ code: "POLYLOG_E_CONFIG" });
  });
});
