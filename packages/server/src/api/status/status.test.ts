import { afterAll, beforeAll, expect, it } from "vitest";
import { statusResponse } from "../../contract/index.ts";
import { NOW, startTestApi, type TestApi } from "../testing/api.ts";
import { line } from "../testing/records.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it("tells of the server and what it holds", async () => {
  await api.insertLogs([line({ ago: 1 }), line({ ago: 2 })]);
  const status = await api.get("/status", statusResponse);
  expect(status).toMatchObject({
    version: "1.2.3",
    ready: true,
    engine: { kind: "embedded", state: "ready" },
    startedAt: NOW - 60_000,
    now: NOW,
    logs: 2,
    spans: 0,
    retentionDays: 30,
    endpoints: { http: "http://127.0.0.1:4318", grpc: null },
  });
  expect(status.bytesOnDisk).toBeGreaterThan(0);
  expect(status.engine.version).toMatch(/^\d+\./);
});
