import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { findAll } from "./find-all.ts";

/**
 * Auralogs has no client that may be installed here. What its SDKs send is written out instead: batches of up to 1,000
 * entries below `error` to one path, each error at once to the other, the key in the body.
 */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 10_000;
const BATCH = 1000;
const START = Date.UTC(2026, 10, 21, 10, 41, 7);
const LEVELS = ["debug", "info", "warn"] as const;

function entry(i: number, level: string) {
  return {
    ...{ level, message: `order ${i} is late`, environment: "production" },
    ...{ timestamp: new Date(START + i).toISOString(), metadata: { order: i, cart: { items: 3 } } },
    ...{ traceId: "0af7651916cd43dd8448eb211c80319c" },
  };
}

async function post(path: string, body: unknown): Promise<number> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(server.address + path, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    redirect: "error",
  });
  await response.arrayBuffer();
  return response.status;
}

it("Auralogs: all entries are found again, with time, severity, text and fields", async () => {
  for (let start = 0; start < RECORDS; start += BATCH) {
    const logs = Array.from({ length: BATCH }, (_, i) => entry(start + i, LEVELS[i % 3]!));
    expect(await post("/v1/logs", { projectApiKey: "key", logs })).toBe(202);
  }
  const stackTrace = "OrderError: order 10000 is lost\n    at lose (/app/shop.js:3:9)";
  const log = { ...entry(RECORDS, "error"), stackTrace };
  expect(await post("/v1/logs/single", { projectApiKey: "key", log })).toBe(202);

  const rows = await findAll(server, "receiver:auralogs", RECORDS + 1);
  expect(rows.map((row) => row.attributes.order)).toEqual(
    Array.from({ length: RECORDS + 1 }, (_, i) => String(i)),
  );
  expect(rows[7]).toMatchObject({
    ...{
      timestamp: "2026-11-21T10:41:07.007000000Z",
      level: "info",
      severityText: "info",
      body: "order 7 is late",
    },
    ...{ traceId: "0af7651916cd43dd8448eb211c80319c", attributes: { order: "7", "cart.items": "3" } },
    resource: { "deployment.environment.name": "production" },
  });
  expect(rows[RECORDS]).toMatchObject({
    ...{ level: "error", attributes: { "exception.type": "OrderError", "exception.stacktrace": stackTrace } },
  });
});
