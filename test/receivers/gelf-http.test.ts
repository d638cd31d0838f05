import gelf, { type Logger, type Message } from "gelf-pro";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { curl } from "./curl.ts";
import { findAll } from "./find-all.ts";

/**
 * gelf-pro makes the messages; it has UDP and TCP only, so what it would put on the wire is posted instead, as Graylog's
 * HTTP input takes it: a message by itself, or one on each line.
 */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 10_000;
/** Syslog's numbers. */
const WARNING = 4;
const ERROR = 3;
const START = 1_795_257_667;
/** Messages that are posted by themselves, all at once; the others are the lines of larger bodies. */
const ALONE = 500;
const LINES = 500;

it("gelf-pro: all messages are found again, with time, severity, text and fields", async () => {
  const messages: string[] = [];
  const send = (message: Message) => void messages.push(String(message));
  const client: Logger = Object.assign(Object.create(gelf) as Logger, { send });
  for (let i = 0; i < RECORDS; i++) {
    const fields = { timestamp: START + i / 1000, host: "web-1", order: i, customer: { name: "Zoë" } };
    client.message(`order ${i} is late`, WARNING, fields);
  }
  client.message(new TypeError("the stock is gone"), ERROR);
  await expect.poll(() => messages.length).toBe(RECORDS + 1);

  const post = async (body: string): Promise<void> => {
    const response = await fetch(`${server.address}/gelf`, { method: "POST", body });
    expect([response.status, await response.json()]).toMatchObject([202, { rejected: 0 }]);
  };
  await Promise.all(messages.slice(0, ALONE).map(post));
  for (let start = ALONE; start < messages.length; start += LINES) {
    await post(messages.slice(start, start + LINES).join("\n"));
  }

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
});

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
