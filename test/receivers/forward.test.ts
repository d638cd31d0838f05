import { EventTime, FluentClient, type FluentClientOptions } from "@fluent-org/logger";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { type NetworkServer, RECORDS, startNetworkServer, textOf, timeOf } from "./network-server.ts";

/** Fluent's own client for Node against the whole server: what it sends is found, in full. */
let certificate: Certificate;
let open: NetworkServer;
let secured: NetworkServer;

beforeAll(async () => {
  certificate = await makeCertificate();
  open = await startNetworkServer("forward:0");
  secured = await startNetworkServer("forward:0", [
    ...["--tls-cert", certificate.certFile, "--tls-key", certificate.keyFile],
  ]);
});
afterAll(async () => {
  await Promise.all([open?.stop(), secured?.stop()]);
  await certificate?.remove();
});

async function sendAll(tag: string, options: FluentClientOptions): Promise<number> {
  const client = new FluentClient(tag, { milliseconds: true, flushInterval: 50, ...options });
  await client.connect();
  const start = Date.now();
  const sent: Promise<void>[] = [];
  for (let i = 0; i < RECORDS; i++) {
    const record = {
      message: textOf(i),
      level: "warning",
      order: { id: i, express: i % 2 === 0 },
      tags: ["a", "b"],
    };
    sent.push(client.emit(record, EventTime.fromTimestamp(start + i)));
  }
  await client.flush();
  await Promise.all(sent);
  await client.disconnect();
  return start;
}

async function expectAll(server: NetworkServer, tag: string, start: number): Promise<void> {
  const rows = await server.found(`logger:${tag}`);
  for (const [number, row] of rows) {
    expect([row.body, row.attributes["order.id"], timeOf(row)]).toEqual([
      textOf(number),
      String(number),
      start + number,
    ]);
  }
  expect(rows.get(42)).toMatchObject({
    ...{ level: "warn", severityText: "warning", logger: tag, receiver: "forward" },
    attributes: { "order.express": "true", tags: '["a","b"]', "fluent.tag": tag },
  });
}

describe("@fluent-org/logger", () => {
  it.each([
    ["Message", false],
    ["Message", true],
    ["Forward", false],
    ["Forward", true],
    ["PackedForward", true],
    ["CompressedPackedForward", true],
  ] as const)("in mode %s, acknowledged: %s", async (eventMode, isAcknowledged) => {
    const tag = `fluent.${eventMode}.${isAcknowledged}`;
    const start = await sendAll(tag, {
      eventMode,
      socket: { host: "127.0.0.1", port: open.portOf("forward", "tcp") },
      ...(isAcknowledged ? { ack: { ackTimeout: 20_000 } } : {}),
    });
    await expectAll(open, tag, start);
  });

  it("over TLS", async () => {
    const start = await sendAll("fluent.tls", {
      eventMode: "PackedForward",
      ack: { ackTimeout: 20_000 },
      socket: {
        ...{ host: "127.0.0.1", port: secured.portOf("forward", "tls") },
        tls: { ca: certificate.cert, servername: "localhost" },
      },
    });
    await expectAll(secured, "fluent.tls", start);
  });
});
