import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  acknowledged,
  type LumberjackWindow,
  windowOf,
} from "../../packages/server/src/testing/lumberjack-client.ts";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { type NetworkServer, RECORDS, startNetworkServer, textOf, timeOf } from "./network-server.ts";

/**
 * Events as Filebeat and logstash-forwarder send them, against the whole server. The sender is our own, byte by
 * byte after the protocol's description: neither npm nor Debian has a client. Elastic's, in Go, is in test/clients.
 */
let server: NetworkServer;
let secured: NetworkServer;
let certificate: Certificate;

beforeAll(async () => {
  certificate = await makeCertificate();
  server = await startNetworkServer("lumberjack:0");
  secured = await startNetworkServer("lumberjack:0", [
    ...["--tls-cert", certificate.certFile, "--tls-key", certificate.keyFile],
  ]);
});
afterAll(async () => {
  await Promise.all([server?.stop(), secured?.stop()]);
  await certificate?.remove();
});

const WINDOW = 2_048;
const START = Date.UTC(2026, 10, 21, 10);

/** An event as Filebeat makes it of a line. */
function beatsEvent(source: string, i: number): object {
  return {
    "@timestamp": new Date(START + i).toISOString(),
    "@metadata": { beat: "filebeat", type: "_doc", version: "8.15.0" },
    message: textOf(i),
    log: { level: "warning", offset: 120 * i, file: { path: "/var/log/shop.log" } },
    host: { name: "web-1", os: { family: "debian" } },
    agent: { type: "filebeat", name: source },
    service: { name: source },
    order: { id: i },
  };
}

/** Sends windows and waits for each acknowledgement, two under way as Filebeat has them. */
async function sendAll(
  socket: Socket,
  eventOf: (i: number) => object,
  options: LumberjackWindow,
): Promise<void> {
  const waiting: Promise<void>[] = [];
  for (let first = 0; first < RECORDS; first += WINDOW) {
    const count = Math.min(WINDOW, RECORDS - first);
    const events = Array.from({ length: count }, (_, i) => eventOf(first + i));
    waiting.push(acknowledged(socket, first + count));
    socket.write(windowOf(events, { ...options, after: first }));
    if (waiting.length >= 2) await waiting.shift();
  }
  await Promise.all(waiting);
  socket.end();
}

async function expectAll(from: NetworkServer, source: string): Promise<void> {
  const rows = await from.found(`service:${source}`);
  for (const [number, row] of rows) {
    expect([row.body, row.attributes["order.id"], timeOf(row)]).toEqual([
      textOf(number),
      String(number),
      START + number,
    ]);
  }
  expect(rows.get(42)).toMatchObject({
    ...{ level: "warn", severityText: "warning", host: "web-1", service: source, receiver: "lumberjack" },
    attributes: {
      "log.file.path": "/var/log/shop.log",
      "agent.type": "filebeat",
      "@metadata.beat": "filebeat",
    },
  });
}

describe("Lumberjack version 2", () => {
  it.each([
    ["plain", false],
    ["compressed", true],
  ])("%s", async (name, isCompressed) => {
    const socket = connect(server.portOf("lumberjack", "tcp"), "127.0.0.1");
    await sendAll(socket, (i) => beatsEvent(`beats-${name}`, i), { version: 2, isCompressed });
    await expectAll(server, `beats-${name}`);
  });

  it("over TLS", async () => {
    const socket = connectTls({
      ...{ port: secured.portOf("lumberjack", "tls"), host: "127.0.0.1", servername: "localhost" },
      ca: certificate.cert,
    });
    await once(socket, "secureConnect");
    await sendAll(socket, (i) => beatsEvent("beats-tls", i), { version: 2, isCompressed: true });
    await expectAll(secured, "beats-tls");
  });
});

it("Lumberjack version 1", async () => {
  const socket = connect(server.portOf("lumberjack", "tcp"), "127.0.0.1");
  const eventOf = (i: number) => ({
    ...{
      line: `WARN ${textOf(i)}`,
      host: "web-2",
      file: "/var/log/old.log",
      offset: String(i),
      service: "forwarder",
    },
  });
  await sendAll(socket, eventOf, { version: 1 });
  const rows = await server.found("service:forwarder");
  expect(rows.get(42)).toMatchObject({
    ...{ level: "warn", host: "web-2", body: `WARN ${textOf(42)}`, receiver: "lumberjack" },
    attributes: { file: "/var/log/old.log", offset: "42" },
  });
});
