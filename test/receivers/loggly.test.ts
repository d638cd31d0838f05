import loggly from "node-loggly-bulk";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { findAll } from "./find-all.ts";

/** Loggly's client for Node against the whole server. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

// The client takes some milliseconds a request, and more on a machine that has other things to do.
vi.setConfig({ testTimeout: 180_000 });

const RECORDS = 10_000;
/** Sent one by one, which takes the client some milliseconds each. */
const SINGLE = 1000;
const START = Date.parse("2025-11-21T10:41:07Z");

const eventOf = (service: string, i: number) => ({
  timestamp: new Date(START + i).toISOString(),
  level: "warn",
  message: `order ${i} is late`,
  service,
  hostname: "web-1",
  order: `id-${i}`,
  customer: { name: "Zoë" },
});

async function expectAll(service: string, count: number): Promise<void> {
  const rows = await findAll(server, `service:${service}`, count);
  expect(rows).toHaveLength(count);
  expect(new Set(rows.map((row) => row.attributes.order)).size).toBe(count);
  expect(rows[7]).toMatchObject({
    timestamp: "2025-11-21T10:41:07.007000000Z",
    level: "warn",
    severityText: "warn",
    host: "web-1",
    body: "order 7 is late",
    receiver: "loggly",
    attributes: { order: "id-7", "customer.name": "Zoë", "loggly.tags": '["http","shop"]' },
  });
}

function clientOf(isBulk: boolean) {
  const client = loggly.createClient({
    subdomain: "any",
    token: "TOKEN",
    json: true,
    isBulk,
    tags: ["http", "shop"],
    host: new URL(server.address).host,
  });
  // The client knows https only.
  Object.assign(client.urls, {
    log: `${server.address}/inputs/TOKEN`,
    bulk: `${server.address}/bulk/TOKEN/tag/http,shop/`,
  });
  return client;
}

it("node-loggly-bulk, all events in bulk: all are found again, with time, severity, text and fields", async () => {
  const client = clientOf(true);
  // The client cuts off what is over a megabyte of one call.
  for (let from = 0; from < RECORDS; from += RECORDS / 2) {
    const events = Array.from({ length: RECORDS / 2 }, (_, i) => eventOf("bulk", from + i));
    client.log(events, () => {});
    await findAll(server, "service:bulk", from + RECORDS / 2);
  }
  await expectAll("bulk", RECORDS);
});

it("node-loggly-bulk, an event a request: all are found again, with time, severity, text and fields", async () => {
  const client = clientOf(false);
  const send = (i: number) =>
    new Promise<void>((resolve, reject) => {
      client.log(eventOf("inputs", i), (error, result) => {
        if (error) reject(error);
        else resolve(expect(result).toEqual({ response: "ok" }));
      });
    });
  const sender = async (first: number) => {
    for (let i = first; i < SINGLE; i += 10) await send(i);
  };
  await Promise.all(Array.from({ length: 10 }, (_, i) => sender(i)));
  await expectAll("inputs", SINGLE);
});
