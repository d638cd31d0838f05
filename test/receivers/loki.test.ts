import pino from "pino";
import { pinoLoki } from "pino-loki";
import { afterAll, beforeAll, expect, it } from "vitest";
import winston from "winston";
import LokiTransport from "winston-loki";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { findAll } from "./find-all.ts";

/** Loki's clients for Node against the whole server: protobuf with snappy, and JSON. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 10_000;
const START = Date.parse("2025-11-21T10:41:07Z");

it.each([
  ["protobuf with snappy", false],
  ["JSON", true],
])(
  "winston-loki over %s: all records are found again, with time, severity, text and fields",
  async (name, json) => {
    const service = `winston-${name.split(" ", 1)[0]}`;
    const transport = new LokiTransport({
      host: server.address,
      json,
      interval: 1,
      labels: { service_name: service, region: "eu" },
      format: winston.format.json(),
      replaceTimestamp: false,
      gracefulShutdown: false,
    });
    const logger = winston.createLogger({ transports: [transport] });
    for (let i = 0; i < RECORDS; i++) {
      const timestamp = new Date(START + i).toISOString();
      logger.warn(`order ${i} is late`, { order: `id-${i}`, customer: { name: "Zoë" }, timestamp });
    }
    await transport.flush();
    await transport.close();

    const rows = await findAll(server, `service:${service}`, RECORDS);
    expect(new Set(rows.map((row) => row.attributes.order)).size).toBe(RECORDS);
    expect(rows).toHaveLength(RECORDS);
    expect(rows[7]).toMatchObject({
      timestamp: "2025-11-21T10:41:07.007000000Z",
      level: "warn",
      body: "order 7 is late",
      receiver: "loki",
      attributes: { order: "id-7", "customer.name": "Zoë", region: "eu" },
    });
  },
);

it("pino-loki: all records are found again, with time, severity, text and fields", async () => {
  const stream = pinoLoki({
    host: server.address,
    batching: { interval: 1, maxBufferSize: 0 },
    labels: { app: "pino" },
  });
  const logger = pino({ base: { hostname: "web-1" }, timestamp: false }, stream);
  for (let i = 0; i < RECORDS; i++) {
    logger.error(
      { time: START + i, order: `id-${i}`, meta: { tenant: "a" }, err: new TypeError("no stock") },
      `order ${i} failed`,
    );
  }
  stream.end();

  const rows = await findAll(server, "service:pino", RECORDS);
  expect(new Set(rows.map((row) => row.attributes.order)).size).toBe(RECORDS);
  expect(rows[7]).toMatchObject({
    timestamp: "2025-11-21T10:41:07.007000000Z",
    level: "error",
    host: "web-1",
    body: "order 7 failed",
    attributes: {
      order: "id-7",
      tenant: "a",
      "exception.type": "TypeError",
      "exception.message": "no stock",
      "exception.stacktrace": expect.stringContaining("TypeError: no stock\n    at "),
    },
  });
});
