import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { poll } from "../poll.ts";
import { type NetworkServer, startNetworkServer } from "./network-server.ts";

const SENDERS = 1000;
/** Kibibytes that one may cost the server: its socket, its request and what Node.js keeps of both. */
const KIBIBYTES_EACH = 128;
/** Milliseconds that another sender may wait meanwhile. */
const PATIENCE = 5000;
/** Requests of a megabyte, of which only the head is sent at once. */
const PATHS = ["/v1/text", "/loki/api/v1/push", "/_bulk", "/services/collector/event", "/api/1/envelope/"];
/** The receivers with ports of their own, and how a message of theirs begins. */
const BEGINNINGS: readonly (readonly [receiver: string, bytes: Buffer])[] = [
  ["syslog", Buffer.from("<14>")],
  ["gelf", Buffer.from('{"version"')],
  // A window, and an event of a megabyte.
  ["lumberjack", Buffer.from("325700000001324a00000001000f4240", "hex")],
  // [tag, time, text of a megabyte …
  ["forward", Buffer.from("93a17400db000f4240", "hex")],
  // A frame of a megabyte.
  ["scribe", Buffer.from("000f424080010001", "hex")],
];

let server: NetworkServer;
let sockets: Socket[] = [];
let drip: NodeJS.Timeout | undefined;

beforeAll(async () => {
  server = await startNetworkServer(BEGINNINGS.map(([receiver]) => `${receiver}:0`).join(","));
});
afterEach(() => {
  clearInterval(drip);
  for (const socket of sockets) socket.destroy();
  sockets = [];
});
afterAll(() => server?.stop());

function residentKibibytes(): number {
  const status = readFileSync(`/proc/${server.child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
}

async function begin(port: number, bytes: string | Buffer): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => {});
  socket.write(bytes);
  return socket;
}

const HTTP = (path: string) => () => {
  const head = "host: x\r\ncontent-type: application/json\r\ncontent-length: 1000000";
  return begin(Number(new URL(server.address).port), `POST ${path} HTTP/1.1\r\n${head}\r\n\r\n`);
};
const LISTENER =
  ([receiver, bytes]: (typeof BEGINNINGS)[number]) =>
  () =>
    begin(server.portOf(receiver, "tcp"), bytes);

async function post(text: string): Promise<number> {
  const start = performance.now();
  const { status } = await fetch(`${server.address}/v1/text?service=quick`, { method: "POST", body: text });
  expect(status).toBe(200);
  return performance.now() - start;
}

it.skipIf(process.platform !== "linux").each([
  ["over HTTP", PATHS.map(HTTP)],
  ["to the receivers with ports of their own", BEGINNINGS.map(LISTENER)],
])("a thousand senders of a byte a second harm nobody, %s", async (name, begins) => {
  await post("warm\n");
  const before = residentKibibytes();
  for (let i = 0; i < SENDERS; i += 100) {
    const some = Array.from({ length: 100 }, (_, k) => begins[k % begins.length]!());
    sockets = sockets.concat(await Promise.all(some));
  }
  let bytes = 0;
  drip = setInterval(() => {
    bytes++;
    for (const socket of sockets) socket.write("{");
  }, 1000);

  const waits: number[] = [];
  await poll("five bytes of each", async () => {
    waits.push(await post(`order ${waits.length} ${name}\n`));
    return bytes >= 5;
  });
  expect(Math.max(...waits)).toBeLessThan(PATIENCE);
  expect((residentKibibytes() - before) / SENDERS).toBeLessThan(KIBIBYTES_EACH);
  expect(sockets.filter((socket) => socket.readyState !== "open")).toEqual([]);
  const { rows } = await server.search(`service:quick "${name}"`, { limit: "10000" });
  expect(rows.length).toBe(waits.length);
});
