import { expect, it } from "vitest";
import { countInsert, createTableStatistics } from "./statistics.ts";

it("inserts are counted with their time, up to a bound that includes it", () => {
  const statistics = createTableStatistics();
  for (const ms of [3, 10, 11, 9999]) countInsert(statistics, 100, 5000, ms);
  expect(statistics).toMatchObject({ batches: 4, rows: 400, bytes: 20_000, insertMs: 10_023 });
  expect(statistics.insertMsBuckets.filter(({ count }) => count > 0)).toEqual([
    { upTo: 10, count: 2 },
    { upTo: 20, count: 1 },
    { upTo: Number.POSITIVE_INFINITY, count: 1 },
  ]);
});
