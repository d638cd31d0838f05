import gelf from "gelf-pro";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { curl } from "./curl.ts";
import { findAll } from "./find-all.ts";

/**
 * gelf-pro makes the messages; it has UDP and TCP only, so what it would put on the wire is posted instead, one request
 * each, as Graylog's HTTP input takes them.
 */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 10_000;
const START = 1_795_257_667;
/** Requests at once: each waits for its record to be committed, which takes as long for one as for all. */
const SENDERS = 256;

it("gelf-pro: all messages are found again, with time, severity, text and fields", async () => {
  const messages: string[] = [];
  const client = Object.create(gelf) as typeof gelf;
  client.send = (message: string) => {
    messages.push(message);
    return client;
  };
  for (let i = 0; i < RECORDS; i++) {
    const fields = { timestamp: START + i / 1000, host: "web-1", order: i, customer: { name: "Zoë" } };
    client.warning(`order ${i} is late`, fields);
  }
  client.error(new TypeError("the stock is gone"));
  await expect.poll(() => messages.length).toBe(RECORDS + 1);

  const post = async (sender: number): Promise<void> => {
    for (let i = sender; i < messages.length; i += SENDERS) {
      const response = await fetch(`${server.address}/gelf`, { method: "POST", body: messages[i]! });
      expect(response.status).toBe(202);
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, (_, sender) => post(sender)));

  const rows = await findAll(server, "receiver:gelf level:warn", RECORDS);
  expect(rows.map((row) => row.attributes.order)).toEqual(
    Array.from({ length: RECORDS }, (_, i) => String(i)),
  );
  expect(rows[7]).toMatchObject({
    ...{ timestamp: "2026-11-21T10:41:07.007000000Z", severityText: "warning", host: "web-1" },
    ...{ body: "order 7 is late", attributes: { order: "7", customer_name: "Zoë" } },
  });
  const [error] = await findAll(server, "receiver:gelf level:error", 1);
  expect(error).toMatchObject({
    body: "the stock is gone",
    attributes: {
      "exception.type": "TypeError",
      "exception.message": "the stock is gone",
      "exception.stacktrace": expect.stringContaining("gelf-http.test.ts"),
    },
  });
}, 180_000);

it("curl, as Graylog's documentation has it", async () => {
  const message = {
    version: "1.1",
    host: "example.org",
    short_message: "from curl",
    level: 5,
    _some_info: "foo",
  };
  await curl(`${server.address}/gelf`, JSON.stringify(message), "-H", "Content-Type: application/json");
  const [row] = await findAll(server, '"from curl"', 1);
  expect(row).toMatchObject({
    severityText: "notice",
    host: "example.org",
    attributes: { some_info: "foo" },
  });
});
