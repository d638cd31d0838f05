import { afterAll, beforeAll, expect, it } from "vitest";
import { logRecord } from "../store/testing/records.ts";
import { openTestStore, silentLog, type TestStore } from "../store/testing/store.ts";
import { createBatcher } from "./batcher.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

it("acknowledged records survive a killed engine, once each, and writing goes on by itself", async () => {
  const batcher = createBatcher({
    client: test.engine.client,
    log: silentLog,
    limits: { maxBytes: 64 << 20 },
  });
  const writes: Promise<void>[] = [];
  for (let i = 0; i < 60; i++) {
    const records = Array.from({ length: 200 }, (_, j) => logRecord({ body: `${i * 200 + j}` }));
    writes.push(batcher.writeLogs(records, 40_000, "test"));
    if (i === 20 || i === 40) {
      const { pid } = test.engine.status();
      if (pid !== null) process.kill(pid, "SIGKILL");
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await Promise.all(writes);
  await batcher.stop();
  expect(await test.rows("SELECT count() AS rows, uniqExact(Body) AS bodies FROM otel_logs")).toEqual([
    { rows: "12000", bodies: "12000" },
  ]);
  expect(test.engine.status().restarts).toBeGreaterThan(0);
});
