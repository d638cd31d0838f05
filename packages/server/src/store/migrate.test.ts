import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { MIGRATIONS, type Migration, migrationsFor } from "./migrations.ts";
import { silentLog, startTestEngine } from "./testing/store.ts";

let test: Awaited<ReturnType<typeof startTestEngine>>;
beforeAll(async () => {
  test = await startTestEngine();
  await test.engine.ready();
});
afterAll(() => test.close());

async function tables(): Promise<string[]> {
  const answer = await test.engine.client.query({
    query: "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name",
    format: "JSONEachRow",
  });
  return (await answer.json<{ name: string }>()).map(({ name }) => name);
}

const NEXT: Migration = {
  version: MIGRATIONS.length + 1,
  name: "a column more",
  statements: ["ALTER TABLE otel_logs ADD COLUMN IF NOT EXISTS More String"],
};

/** The tests are steps in the life of one store. */
describe("the schema", () => {
  it("has versions without a gap", () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
  });

  it("counts what other tools insert where they can", () => {
    const statements = (isOwn: boolean) => migrationsFor(isOwn).flatMap((step) => step.statements);
    expect(statements(false).filter((sql) => sql.startsWith("DROP"))).toEqual([
      "DROP VIEW IF EXISTS log_fields_mv",
    ]);
    expect(migrationsFor(false).map(({ version }) => version)).toEqual(
      migrationsFor(true).map(({ version }) => version),
    );
  });

  it("comes to be in an empty database", async () => {
    expect(await migrate(test.engine.client, silentLog)).toBe(MIGRATIONS.length);
    expect(await tables()).toEqual([
      "log_fields",
      "log_fields_counted_mv",
      "otel_logs",
      "otel_traces",
      "otel_traces_trace_id_ts",
      "otel_traces_trace_id_ts_mv",
      "schema_migrations",
    ]);
  });

  it("stores texts with their lengths in every table", async () => {
    const answer = await test.engine.client.query({
      query:
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND engine_full NOT LIKE '%single_stream%'",
      format: "JSONEachRow",
    });
    expect(await answer.json()).toEqual([{ name: "schema_migrations" }]);
  });

  it("is left alone when it is up to date", async () => {
    const applied: string[] = [];
    const log = { ...silentLog, info: (message: string) => applied.push(message) };
    await migrate(test.engine.client, log);
    expect(applied).toEqual([]);
  });

  it("starts an interrupted step over", async () => {
    const broken = { ...NEXT, statements: [...NEXT.statements, "SELECT throwIf(1, 'the power went')"] };
    await expect(migrate(test.engine.client, silentLog, [...MIGRATIONS, broken])).rejects.toThrow(
      "the power",
    );
    expect(await migrate(test.engine.client, silentLog, [...MIGRATIONS, NEXT])).toBe(NEXT.version);
  });

  it("of a newer Polylog is refused", async () => {
    await expect(migrate(test.engine.client, silentLog)).rejects.toMatchObject({
      code: "POLYLOG_E_SCHEMA",
      message: `The tables have schema ${NEXT.version}, and this Polylog knows schemas up to ${MIGRATIONS.length}.`,
    });
  });
});
