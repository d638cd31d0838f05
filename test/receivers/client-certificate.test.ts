import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type ConnectionOptions, connect } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { type NetworkServer, startNetworkServer, textOf } from "./network-server.ts";

/** `--tls-client-ca`: who has no certificate that it has signed is turned away before it has said anything. */
let own: Certificate;
let strange: Certificate;
let server: NetworkServer;

beforeAll(async () => {
  [own, strange] = await Promise.all([makeCertificate(), makeCertificate()]);
  server = await startNetworkServer("syslog-tls:0", [
    ...["--tls-cert", own.certFile, "--tls-key", own.keyFile, "--tls-client-ca", own.certFile],
  ]);
});
afterAll(async () => {
  await server?.stop();
  await Promise.all([own?.remove(), strange?.remove()]);
});

/** Sends a message, and says how that ended for the sender. */
async function send(text: string, credentials: ConnectionOptions): Promise<"closed" | string> {
  const port = server.portOf("syslog-tls", "tls");
  const socket = connect({ host: "127.0.0.1", port, servername: "localhost", ca: own.cert, ...credentials });
  const failed = new Promise<string>((resolve) => socket.once("error", (error) => resolve(error.message)));
  socket.end(`<14>1 2026-11-21T10:41:07Z web-1 client-certificate - - - ${text}\n`);
  const closed = once(socket.resume(), "close").then(() => "closed");
  // TLS 1.3 lets a client speak before its certificate is looked at: the refusal comes then.
  const ending = await Promise.race([failed, closed]);
  socket.destroy();
  return ending;
}

const keyOf = async ({ cert, keyFile }: Certificate) => ({ cert, key: await readFile(keyFile) });

it("lets in who has a certificate of this authority, and nobody else", async () => {
  expect(await send(textOf(1), {})).toMatch(/certificate required/);
  // Node.js cuts this one off without a word of TLS.
  await send(textOf(2), await keyOf(strange));
  expect(await send(textOf(0), await keyOf(own))).toBe("closed");
  // What the two others said before they were refused would be there by now.
  await server.found("service:client-certificate", 1);
  const metrics = await (await fetch(`${server.address}/metrics`)).text();
  expect(metrics).toMatch(/polylog_rejected_records_total\{receiver="syslog",reason="tls"\} 2/);
});
