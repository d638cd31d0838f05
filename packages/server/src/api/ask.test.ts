import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threadsOf } from "./ask.ts";
import { before, NOW, startTestApi, type TestApi } from "./testing/api.ts";
import { until } from "./testing/until.ts";

let asked = 0;
/**
 * A query that takes RE2 many seconds over the records below: its states are too many to be kept. Another one each
 * time, as the engine remembers where a condition found nothing.
 */
function slowQuery(): string {
  return encodeURIComponent(`/(a.{0,20}b.{0,20}c){2}${++asked}/`);
}
const RECORDS = 200_000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.engine.client.command({
    query: `INSERT INTO otel_logs (Timestamp, Host, Body)
      SELECT fromUnixTimestamp64Nano(toInt64({first:String}) + number * 1000000), 'node-1', arrayStringConcat(arrayMap(i -> ['a ', 'b ', 'c ', 'd '][1 + cityHash64(number, i) % 4], range(50)))
      FROM numbers(${RECORDS})`,
    query_params: { first: String(before(2 * RECORDS)) },
  });
});
afterAll(() => api.close());

function withQuery(path: string): string {
  if (path.includes("query=")) return path + slowQuery();
  return `${path}${path.includes("?") ? "&" : "?"}query=${slowQuery()}`;
}

/** Questions that the engine is busy with for the viewer. */
async function underWay(): Promise<number> {
  const answer = await api.engine.client.query({
    query: "SELECT count() FROM system.processes WHERE user LIKE '%viewer%'",
    format: "JSONCompactEachRow",
  });
  const [row] = await answer.json<[string]>();
  return Number(row?.[0]);
}

describe("a question whose asker leaves", () => {
  it.each([
    "/logs",
    "/logs/histogram",
    "/logs/count",
    "/logs/facets",
    "/logs/values?field=host",
    "/logs/explain?query=x%20",
  ])("is ended in the engine: %s", async (path) => {
    const address = await api.app.listen({ port: 0, host: "127.0.0.1" }).catch(() => api.app.listeningOrigin);
    const leaving = new AbortController();
    const url = `${address}/api/v1${withQuery(path)}`;
    const request = fetch(url, { signal: leaving.signal }).then((response) => response.text());
    await until(async () => (await underWay()) > 0);
    const left = performance.now();
    leaving.abort();
    await expect(request).rejects.toThrow(/abort/i);
    await until(async () => (await underWay()) === 0);
    expect(performance.now() - left).toBeLessThan(4_000);
  });
});

describe("a limit", () => {
  let quick: FastifyInstance;
  let narrow: FastifyInstance;
  let poor: FastifyInstance;
  beforeAll(async () => {
    quick = await api.another({ limits: { timeout: 1_000, memory: 500e6, rows: 1e9 } });
    narrow = await api.another({ limits: { timeout: 20_000, memory: 500e6, rows: 1_000 } });
    poor = await api.another({ limits: { timeout: 20_000, memory: 1e6, rows: 1e9 } });
  });

  it.each(["/logs/histogram", "/logs/count", "/logs/facets?fields=host", "/logs/facets?fields=level"])(
    "of time gives a part of the answer and says so: %s",
    async (path) => {
      const answer = await quick.inject(`/api/v1${withQuery(path)}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toMatchObject({ partial: true });
      expect(answer.json().statistics.elapsedMs).toBeLessThan(10_000);
    },
  );

  it("of time leaves a search the newest part of its window, and a cursor to the rest", async () => {
    // The records lie in the older part: the newest thirty-second of the window has none and is searched at once.
    const window = `from=${NOW - 2 * RECORDS}&to=${NOW + 10 * RECORDS}`;
    const answer = await quick.inject(`/api/v1/logs?${window}&query=${slowQuery()}`);
    expect(answer.statusCode).toBe(200);
    const { rows, partial, nextCursor } = answer.json();
    expect({ rows, partial }).toEqual({ rows: [], partial: true });
    const rest = await api.app.inject(`/api/v1/logs?${window}&limit=5&cursor=${nextCursor}`);
    expect(rest.json().rows).toHaveLength(5);
  });

  it.each(["/logs/histogram", "/logs/count?query=a"])(
    "of rows gives a part of the answer: %s",
    async (path) => {
      const answer = await narrow.inject(`/api/v1${path}`);
      expect(answer.json()).toMatchObject({ partial: true });
    },
  );

  it("of rows ends a search", async () => {
    const answer = await narrow.inject(`/api/v1/logs?query=${encodeURIComponent("/never/")}`);
    expect([answer.statusCode, answer.json().code]).toEqual([422, "POLYLOG_E_QUERY_LIMIT"]);
  });

  it("of memory ends a question", async () => {
    // The engine counts from some megabytes on only.
    const longest = `SELECT fromUnixTimestamp64Nano(toInt64({first:String}) + number), repeat('x', 2000) FROM numbers(10000)`;
    await api.engine.client.command({
      query: `INSERT INTO otel_logs (Timestamp, Body) ${longest}`,
      query_params: { first: String(before(86_400_000)) },
    });
    const answer = await poor.inject(
      `/api/v1/logs?limit=10000&from=${NOW - 86_500_000}&to=${NOW - 86_300_000}`,
    );
    expect([answer.statusCode, answer.json().code]).toEqual([422, "POLYLOG_E_QUERY_LIMIT"]);
  });
});

it("asks as a user who may not write, nor read elsewhere", async () => {
  const { viewer } = api.engine;
  for (const query of [
    "DROP TABLE otel_logs",
    "INSERT INTO otel_logs (Body) VALUES ('x')",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1', 'LineAsString')",
    "SELECT * FROM system.processes",
  ]) {
    await expect(viewer.ask({ query }), query).rejects.toThrow();
  }
});

it.each([
  [1, 2, 2],
  [2, 2, 1],
  [9, 2, 1],
  [4, 8, 2],
  [5, 8, 1],
  [1, 1, 1],
  [100, Number.POSITIVE_INFINITY, 2],
])("each of %d questions has so many threads on %d cores: %d", (questions, cores, threads) => {
  expect(threadsOf(questions, cores)).toBe(threads);
});
