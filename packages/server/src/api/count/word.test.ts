import type { ClickHouseClient } from "@clickhouse/client";
import type { Engine } from "@polylog/engine";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { API_PREFIX, countResponse } from "../../contract/index.ts";
import { NOW, startTestApi, type TestApi } from "../testing/api.ts";
import { line } from "../testing/records.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Milliseconds before now of each record: of three days, merged, and of the last minutes, without an index yet. */
const MERGED = Array.from({ length: 9_000 }, (_, index) => HOUR + index * 24 * SECOND);
const FRESH = Array.from({ length: 500 }, (_, index) => index * SECOND);
const ALL = [...MERGED, ...FRESH];
const isDeclined = (_: number, index: number): boolean => index % 3 === 0;
const OLDEST = NOW - (MERGED.at(-1) as number);

const lines = (agos: readonly number[]) =>
  agos.map((ago, index) => line({ ago, body: isDeclined(ago, index) ? "Card declined" : "card accepted" }));

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.insertLogs(lines(MERGED));
  // What is being merged already is left out.
  await vi.waitFor(async () => expect(await unmerged()).toBe(0), { timeout: 20_000 });
  await api.insertLogs(lines(FRESH));
});
afterAll(() => api.close());

async function unmerged(): Promise<number> {
  await everywhere("OPTIMIZE TABLE otel_logs FINAL");
  const answer = await api.engine.nodes[0]?.client.query({
    query: "SELECT name FROM system.parts WHERE active AND level = 0 AND table = 'otel_logs'",
    format: "JSONCompactEachRow",
  });
  return (await answer?.json())?.length ?? 0;
}

async function everywhere(query: string): Promise<void> {
  await Promise.all(api.engine.nodes.map(({ client }) => client.command({ query })));
}

const counted = (from: number, to: number, query: string) =>
  api.get(`/logs/count?from=${from}&to=${to}&query=${query}`, countResponse);

function expected(from: number, to: number): number {
  const isInWindow = (ago: number) => NOW - ago >= from && NOW - ago < to;
  return [MERGED, FRESH].flatMap((agos) => agos.filter(isDeclined)).filter(isInWindow).length;
}

it("reads no record of parts that lie in the window as a whole", async () => {
  const { count, partial, statistics } = await counted(OLDEST, NOW - HOUR + SECOND, "declined");
  expect({ count, partial }).toEqual({ count: 3_000, partial: false });
  // A cluster's nodes don't know one another's parts.
  if (api.engine.cluster === null) expect(statistics.rowsRead).toBeLessThan(10);
});

it("counts a word in every record of the window and in no other", async () => {
  const edge = fc.oneof(
    fc.integer({ min: -1, max: 62 * HOUR }),
    fc.constantFrom(...[0, 500, 8_999].map((index) => ALL[index] as number)),
    fc.integer({ min: 0, max: 62 }).map((hours) => hours * HOUR),
  );
  await fc.assert(
    fc.asyncProperty(edge, edge, async (one, other) => {
      const from = NOW - Math.max(one, other) - 1;
      const to = NOW - Math.min(one, other);
      expect((await counted(from, to, "declined")).count).toBe(expected(from, to));
    }),
    { numRuns: 60 },
  );
});

it.each<[query: string, count: number]>([
  ["declined", 3_167],
  ["DECLINED", 3_167],
  ["card", 9_500],
  ["nothing", 0],
  ["decline", 0],
  ["decline*", 3_167],
])("counts %s", async (query, count) => {
  expect((await counted(OLDEST, NOW + 1, query)).count).toBe(count);
});

/** The count by an API whose list of parts is asked for in another way. */
async function countedWith(query: (real: ClickHouseClient["query"]) => unknown): Promise<unknown> {
  const client = { query: query(api.engine.client.query.bind(api.engine.client)) } as ClickHouseClient;
  const engine: Engine = { ...api.engine, client };
  const app = await api.another({ engine });
  const answer = await app.inject(`${API_PREFIX}/logs/count?from=${OLDEST}&to=${NOW + 1}&query=declined`);
  return answer.json().count;
}

it("counts where ClickHouse doesn't tell what its index knows", async () => {
  expect(await countedWith(() => () => Promise.reject(new Error("Unknown table function")))).toBe(3_167);
});

it("counts again when parts were merged while it counted", async () => {
  const newest = NOW / SECOND;
  let asked = 0;
  const count = await countedWith((real) => async (parameters: Parameters<typeof real>[0]) => {
    asked += 1;
    const answer = await real(parameters);
    const rows = (await answer.json()) as unknown as unknown[][];
    if (asked > 1) return { json: async () => rows };
    return { json: async () => rows.map((row) => (row[3] === newest ? ["merged", ...row.slice(1)] : row)) };
  });
  expect(count).toBe(3_167);
  if (api.engine.cluster === null) expect(asked).toBe(2);
});

it("doesn't count records that were deleted", async () => {
  await everywhere("DELETE FROM otel_logs WHERE SeverityNumber = 9 AND endsWith(Body, 'declined')");
  expect((await counted(OLDEST, NOW + 1, "declined")).count).toBe(0);
  expect((await counted(OLDEST, NOW + 1, "card")).count).toBe(6_333);
});
