import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Certificate, makeCertificate } from "../receivers/certificate.ts";
import { type NetworkServer, RECORDS, startNetworkServer } from "../receivers/network-server.ts";
import { expectAll } from "./client.ts";
import { buildGoClient } from "./go-client.ts";

/** Elastic's own clients of Lumberjack 2, which Beats send by, against the whole server. */
const client = buildGoClient("lumberjack", "Elastic's Lumberjack clients");

let plain: NetworkServer;
let secured: NetworkServer;
let certificate: Certificate;

beforeAll(async () => {
  if (!client.isBuilt) return;
  certificate = await makeCertificate();
  plain = await startNetworkServer("lumberjack:0");
  secured = await startNetworkServer("lumberjack:0", [
    ...["--tls-cert", certificate.certFile, "--tls-key", certificate.keyFile],
  ]);
});
afterAll(async () => {
  await Promise.all([plain?.stop(), secured?.stop()]);
  await certificate?.remove();
});

const SENDERS: readonly (readonly [name: string, options: readonly string[]])[] = [
  ["sync", []],
  ["sync-compressed", ["-compress=3"]],
  ["async", ["-async"]],
  ["async-compressed", ["-async", "-compress=3"]],
];

describe.skipIf(!client.isBuilt)("Elastic's Lumberjack client", { timeout: 120_000 }, () => {
  it.each(SENDERS)("%s, over TCP", async (name, options) => {
    await expectDelivery(plain, name, [...options, `127.0.0.1:${plain.portOf("lumberjack", "tcp")}`]);
  });

  it.each(SENDERS)("%s, over TLS", async (name, options) => {
    const address = `localhost:${secured.portOf("lumberjack", "tls")}`;
    await expectDelivery(secured, name, [...options, `-ca=${certificate.certFile}`, address]);
  });
});

/** Every event is acknowledged, and is there once as it was sent. */
async function expectDelivery(server: NetworkServer, name: string, args: readonly string[]): Promise<void> {
  const start = await client.send([...args, name, String(RECORDS)]);
  const rows = await server.found(`service:${name}`);
  expectAll(rows, start);
  for (const [number, row] of rows) {
    expect([row.severityText, row.attributes["order.id"], row.attributes["log.offset"]]).toEqual([
      number % 2 === 1 ? "error" : "info",
      String(number),
      String(120 * number),
    ]);
  }
  expect(rows.get(7)).toMatchObject({
    ...{ level: "error", host: "web-1", service: name, receiver: "lumberjack" },
    attributes: {
      "log.file.path": "/var/log/shop.log",
      "agent.type": "filebeat",
      "@metadata.beat": "filebeat",
    },
  });
  expect(rows.get(8)).toMatchObject({ level: "info" });
}
