import { expect, it } from "vitest";
import type { Stored } from "../record/intake.ts";
import { logs, useBatchers } from "../testing/batchers.ts";

const batchers = useBatchers();

it("acknowledged records survive a killed engine, once each, and writing goes on by itself", async () => {
  const batcher = batchers.create();
  const { store } = batchers;
  const writes: Promise<Stored>[] = [];
  for (let i = 0; i < 60; i++) {
    const records = logs(...Array.from({ length: 200 }, (_, j) => `${i * 200 + j}`));
    writes.push(batcher.writeLogs(records, 40_000, "test"));
    if (i === 20 || i === 40) {
      const { pid } = store.engine.status();
      if (pid !== null) process.kill(pid, "SIGKILL");
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await Promise.all(writes);
  await batcher.stop();
  expect(await store.rows("SELECT count() AS rows, uniqExact(Body) AS bodies FROM otel_logs")).toEqual([
    { rows: "12000", bodies: "12000" },
  ]);
  expect(store.engine.status().restarts).toBeGreaterThan(0);
});
