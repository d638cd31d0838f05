import { afterAll, beforeAll, expect, it } from "vitest";
import { facetsResponse } from "../../contract/index.ts";
import { before, startTestApi, type TestApi } from "../testing/api.ts";

const RECORDS = 1_500_000;
const DAY = 86_400_000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  // A day of records: a third are errors, and those are of twice as many in region a as in b; few have a color.
  await api.engine.client.command({
    query: `INSERT INTO otel_logs (Timestamp, ServiceName, SeverityNumber, LogAttributes)
      SELECT fromUnixTimestamp64Nano(toInt64({first:String}) + number * ${(DAY * 1_000_000) / RECORDS}),
        'shop',
        if(number % 3 = 0, 17, 9),
        if(number % 1000 = 0, map('color', 'red'), map('region', if(number % 9 < 6, 'a', 'b')))
      FROM numbers(${RECORDS})`,
    query_params: { first: String(before(DAY)) },
  });
}, 120_000);
afterAll(() => api.close());

it("counts an attribute of many records in a sample that is close", async () => {
  const path = `/logs/facets?from=now-1d&fields=region,service&query=${encodeURIComponent("level:error")}`;
  const { facets, partial, statistics } = await api.get(path, facetsResponse);
  const [region, service] = facets;
  expect(region).toMatchObject({ field: "region", approximate: true });
  expect(region?.values.map(({ value }) => value)).toEqual(["a", "b"]);
  const [a, b] = region?.values.map(({ count }) => count) ?? [];
  expect(Math.abs((a as number) / ((RECORDS / 3) * (2 / 3)) - 1)).toBeLessThan(0.05);
  expect(Math.abs((b as number) / ((RECORDS / 3) * (1 / 3)) - 1)).toBeLessThan(0.05);
  expect(service).toEqual({
    field: "service",
    values: [{ value: "shop", count: RECORDS / 3 }],
    approximate: false,
  });
  expect(partial).toBe(false);
  // Three counts, and a part of the records with their attributes.
  expect(statistics.rowsRead).toBeLessThan(RECORDS * 3.5);
});

it("counts all when few match", async () => {
  const path = `/logs/facets?from=now-1d&fields=color&query=${encodeURIComponent("color:red")}`;
  const { facets } = await api.get(path, facetsResponse);
  expect(facets).toEqual([
    { field: "color", values: [{ value: "red", count: RECORDS / 1000 }], approximate: false },
  ]);
});
