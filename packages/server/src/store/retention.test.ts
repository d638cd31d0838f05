import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idAt } from "./id.ts";
import { applyRetention } from "./retention.ts";
import { insertLogs } from "./testing/insert.ts";
import { logRecord } from "./testing/records.ts";
import { openTestStore, silentLog, type TestStore } from "./testing/store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore(30);
});
afterAll(() => test.close());

async function changesTo(days: number): Promise<unknown[]> {
  const changes: unknown[] = [];
  const log = { ...silentLog, info: (_: string, attributes?: object) => changes.push(attributes) };
  await applyRetention(test.engine.client, days, log);
  return changes;
}

/** Inserts a record that is and came in the given days ago, past the encoder, which knows only today's. */
async function insertOld(days: number): Promise<void> {
  const id = idAt(Date.now() - days * 86_400_000);
  await test.engine.client.command({
    query: `INSERT INTO otel_logs (Timestamp, Body, Id) SELECT now64(9) - INTERVAL ${days} DAY, 'old', ${id}`,
  });
}

async function bodies(): Promise<unknown[]> {
  return (await test.rows<{ Body: string }>("SELECT Body FROM otel_logs")).map(({ Body }) => Body);
}

describe("retention", () => {
  it("is left alone when it is what was asked for", async () => {
    expect(await changesTo(30)).toEqual([]);
  });

  it("changes on a store in use, in all tables", async () => {
    const changes = await changesTo(7);
    expect(changes).toHaveLength(4);
    expect(changes).toContainEqual({ table: "otel_logs", from: 30, to: 7 });
    expect(await changesTo(7)).toEqual([]);
  });

  it("may be none", async () => {
    expect(await changesTo(0)).toContainEqual({ table: "otel_logs", from: 7, to: 0 });
    expect(await changesTo(0)).toEqual([]);
  });

  it("drops what came before it, and keeps what came since, however old that is", async () => {
    await insertOld(10);
    await insertLogs(test, [
      logRecord({ body: "imported", timestamp: BigInt(Date.UTC(2001, 1, 3)) * 1_000_000n }),
    ]);
    expect((await bodies()).sort()).toEqual(["imported", "old"]);
    await test.store.setRetention(7);
    await test.engine.client.command({ query: "OPTIMIZE TABLE otel_logs FINAL" });
    await expect.poll(bodies, { timeout: 20_000 }).toEqual(["imported"]);
  });

  it.each([-1, 0.5, Number.NaN, 40_000])("of %d days is refused", async (days) => {
    await expect(changesTo(days)).rejects.toMatchObject({ code: "POLYLOG_E_CONFIG" });
  });
});
