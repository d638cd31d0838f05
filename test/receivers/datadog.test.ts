import DatadogTransport from "datadog-winston";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import winston from "winston";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { findAll } from "./find-all.ts";

/** Datadog's transport for winston, which sends a request a log, against the whole server. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

// The client takes some milliseconds a request, and more on a machine that has other things to do.
vi.setConfig({ testTimeout: 180_000 });

const RECORDS = 10_000;
/** The transport sends one log after the other, so there are several. */
const LOGGERS = 8;
const START = Date.parse("2025-11-21T10:41:07Z");

/** A logger of a program's own. */
function createLogger(): winston.Logger {
  const transport = new DatadogTransport({
    apiKey: "any",
    hostname: "web-1",
    service: "dd-shop",
    ddsource: "nodejs",
    ddtags: "env:prod",
  });
  // The transport knows Datadog's own addresses only.
  Object.assign(transport, { api: `${server.address}/v1/input/any` });
  return winston.createLogger({ transports: [transport] });
}

it("datadog-winston: all logs are found again, with time, severity, text and fields", async () => {
  const loggers = Array.from({ length: LOGGERS }, createLogger);
  for (let i = 0; i < RECORDS; i++) {
    loggers[i % LOGGERS]!.warn(`order ${i} is late`, {
      order: `id-${i}`,
      customer: { name: "Zoë" },
      timestamp: new Date(START + i).toISOString(),
    });
  }

  const rows = await findAll(server, "service:dd-shop", RECORDS, 150_000);
  expect(rows).toHaveLength(RECORDS);
  expect(new Set(rows.map((row) => row.attributes.order)).size).toBe(RECORDS);
  expect(rows[7]).toMatchObject({
    timestamp: "2025-11-21T10:41:07.007000000Z",
    level: "warn",
    severityText: "warn",
    host: "web-1",
    body: "order 7 is late",
    receiver: "datadog",
    attributes: { order: "id-7", "customer.name": "Zoë", ddsource: "nodejs", env: "prod" },
  });
});
