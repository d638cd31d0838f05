import type { EngineNode } from "@polylog/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStore } from "./store.ts";
import { insertLogs } from "./testing/insert.ts";
import { logRecord } from "./testing/records.ts";
import { silentLog, startTestEngine } from "./testing/store.ts";

const TABLES = ["log_fields", "otel_logs", "otel_traces", "otel_traces_trace_id_ts"];

let test: Awaited<ReturnType<typeof startTestEngine>>;
beforeAll(async () => {
  test = await startTestEngine();
});
afterAll(() => test.close());

/** Opens the store. @returns what was said of syncing, and the tables that are synced on each node */
async function opened(fsync?: boolean): Promise<{ said: unknown[]; synced: string[][] }> {
  const said: unknown[] = [];
  const log = {
    ...silentLog,
    info: (message: string, attributes?: object) => message.startsWith("syncing") && said.push(attributes),
  };
  const store = await openStore(test.engine, {
    retentionDays: 30,
    log,
    ...(fsync === undefined ? {} : { fsync }),
  });
  store.nodes.stop();
  return { said, synced: await Promise.all(test.engine.nodes.map(({ client }) => syncedOn(client))) };
}

async function syncedOn(client: (typeof test.engine.nodes)[number]["client"]): Promise<string[]> {
  const answer = await client.query({
    query: `
      SELECT name FROM system.tables
      WHERE database = currentDatabase()
        AND engine_full LIKE '%fsync_after_insert = 1%' AND engine_full LIKE '%fsync_part_directory = 1%'
      ORDER BY name`,
    format: "JSONEachRow",
  });
  return (await answer.json<{ name: string }>()).map(({ name }) => name);
}

it("tables sync what is inserted when that is asked, until it no longer is", async () => {
  const everyNode = <T>(value: T): T[] => test.engine.nodes.map(() => value);
  expect(await opened()).toEqual({ said: [], synced: everyNode([]) });
  expect(await opened(true)).toEqual({
    said: everyNode({ to: "on", tables: TABLES }),
    synced: everyNode(TABLES),
  });
  expect(await opened(true)).toEqual({ said: [], synced: everyNode(TABLES) });
  expect(await opened(false)).toEqual({
    said: everyNode({ to: "off", tables: TABLES }),
    synced: everyNode([]),
  });
});

it("an insert syncs its files before it ends, only when that is asked", async () => {
  const syncsOn = async ({ client }: EngineNode): Promise<number> => {
    const answer = await client.query({
      query: "SELECT toFloat64(sum(value)) AS syncs FROM system.events WHERE event = 'FileSync'",
      format: "JSONEachRow",
    });
    const [row] = await answer.json<{ syncs: number }>();
    return row?.syncs ?? 0;
  };
  const syncs = async (): Promise<number> => {
    const counts = await Promise.all(test.engine.nodes.map(syncsOn));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const ofInsert = async (): Promise<number> => {
    const before = await syncs();
    await insertLogs(test, [logRecord()]);
    return (await syncs()) - before;
  };
  await opened(false);
  expect(await ofInsert()).toBe(0);
  await opened(true);
  expect(await ofInsert()).toBeGreaterThan(0);
});
