import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { searchResponse } from "../contract/index.ts";
import { startTestApi, type TestApi } from "./testing/api.ts";
import { line } from "./testing/records.ts";
import { until } from "./testing/until.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.insertLogs([line({ ago: 1_000, body: "kept" })]);
});
afterAll(() => api.close());

function killEngine(): void {
  const { pid } = api.engine.status();
  if (pid === null) throw new Error("the engine has no process");
  process.kill(pid, "SIGKILL");
}

async function statusOf(app: FastifyInstance, path: string): Promise<number> {
  return (await app.inject(`/api/v1${path}`)).statusCode;
}

const PATHS = [
  "/logs",
  "/logs/histogram",
  "/logs/count",
  "/logs/facets",
  "/logs/fields",
  "/logs/values?field=service",
  "/logs/explain?query=a",
  "/logs/1",
  "/logs/1/context",
  "/traces/0af7651916cd43dd8448eb211c80319c",
];

it("questions are put off while the engine is away, and answered when it is back", async () => {
  killEngine();
  const answers = await Promise.all(PATHS.map((path) => api.refused(path)));
  for (const [index, { status, body, headers }] of answers.entries()) {
    expect([PATHS[index], status, body.code]).toEqual([PATHS[index], 503, "POLYLOG_E_STORE_UNAVAILABLE"]);
    expect(Number(headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect(body.remedy).toBeDefined();
  }
  await until(async () => (await api.app.inject("/api/v1/status")).json().ready === false);
  expect(await statusOf(api.app, "/logs?query=level%3A")).toBe(400);

  await until(async () => (await statusOf(api.app, "/logs")) === 200);
  const { rows } = await api.get("/logs", searchResponse);
  expect(rows.map(({ body }) => body)).toEqual(["kept"]);
  expect((await api.app.inject("/api/v1/status")).json()).toMatchObject({ ready: true, logs: 1 });
});

it("a question that is under way when the engine dies is put off too", async () => {
  await api.engine.client.command({
    query: `INSERT INTO otel_logs (Timestamp, Body)
      SELECT now64(9) - 60, arrayStringConcat(arrayMap(i -> ['a ', 'b ', 'c ', 'd '][1 + cityHash64(number, i) % 4], range(50)))
      FROM numbers(200000)`,
  });
  const question = api.refused(
    `/logs/count?to=now%2B100d&from=0&query=${encodeURIComponent("/(a.{0,20}b.{0,20}c){2}1/")}`,
  );
  await until(async () => {
    const answer = await api.engine.client.query({
      query: "SELECT count() FROM system.processes WHERE user LIKE '%viewer%'",
      format: "JSONCompactEachRow",
    });
    return Number((await answer.json<[string]>())[0]?.[0]) > 0;
  });
  killEngine();
  expect(await question).toMatchObject({ status: 503, body: { code: "POLYLOG_E_STORE_UNAVAILABLE" } });
  await until(async () => (await statusOf(api.app, "/logs")) === 200);
});
