import { Logger } from "splunk-logging";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { findAll } from "./find-all.ts";

/** Splunk's own logger for Node against the whole server. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 10_000;
const START = 1_763_721_667;

it("splunk-logging: all events are found again, with time, severity, text and fields", async () => {
  const logger = new Logger({ token: "any", url: server.address, maxBatchCount: 0 });
  const errors: unknown[] = [];
  logger.error = (error) => errors.push(error);
  const flush = () =>
    new Promise<unknown>((resolve, reject) => {
      logger.flush((error, _response, body) => (error ? reject(error) : resolve(body)));
    });
  for (let i = 0; i < RECORDS; i++) {
    logger.send({
      message: { message: `order ${i} is late`, order: `id-${i}`, customer: { name: "Zoë" } },
      severity: "warn",
      metadata: { time: START + i / 1000, host: "web-1", source: "shop", sourcetype: "_json", index: "main" },
    });
    if (i % 1000 === 999) expect(await flush()).toEqual({ text: "Success", code: 0 });
  }
  expect(errors).toEqual([]);

  const rows = await findAll(server, "receiver:splunk", RECORDS);
  expect(new Set(rows.map((row) => row.attributes.order)).size).toBe(RECORDS);
  expect(rows[7]).toMatchObject({
    timestamp: "2025-11-21T10:41:07.007000000Z",
    level: "warn",
    severityText: "warn",
    host: "web-1",
    body: "order 7 is late",
    attributes: {
      order: "id-7",
      "customer.name": "Zoë",
      "com.splunk.source": "shop",
      "com.splunk.sourcetype": "_json",
      "com.splunk.index": "main",
    },
  });
});
