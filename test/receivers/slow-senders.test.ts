import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { poll } from "../poll.ts";
import { type ServerProcess, startServerProcess } from "../server-process.ts";

const SENDERS = 1000;
/** Kibibytes that one may cost the server: its socket, its request and what Node.js keeps of both. */
const KIBIBYTES_EACH = 128;
/** Milliseconds that another sender may wait meanwhile. */
const PATIENCE = 5000;
const PATHS = ["/v1/text", "/loki/api/v1/push", "/_bulk", "/services/collector/event", "/api/1/envelope/"];

let server: ServerProcess;
let sockets: Socket[] = [];
let drip: NodeJS.Timeout | undefined;

beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(async () => {
  clearInterval(drip);
  for (const socket of sockets) socket.destroy();
  await server?.stop();
});

function residentKibibytes(): number {
  const status = readFileSync(`/proc/${server.child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
}

/** Opens a request of a megabyte of which only the head is sent. */
async function begin(path: string): Promise<Socket> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.on("error", () => {});
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n`,
  );
  return socket;
}

async function post(text: string): Promise<number> {
  const start = performance.now();
  const { status } = await fetch(`${server.address}/v1/text?service=quick`, { method: "POST", body: text });
  expect(status).toBe(200);
  return performance.now() - start;
}

it.skipIf(process.platform !== "linux")("a thousand senders of a byte a second harm nobody", async () => {
  await post("warm\n");
  const before = residentKibibytes();
  for (let i = 0; i < SENDERS; i += 100) {
    const paths = Array.from({ length: 100 }, (_, k) => PATHS[k % PATHS.length]!);
    sockets = sockets.concat(await Promise.all(paths.map(begin)));
  }
  let bytes = 0;
  drip = setInterval(() => {
    bytes++;
    for (const socket of sockets) socket.write("{");
  }, 1000);

  const waits: number[] = [];
  await poll("five bytes of each", async () => {
    waits.push(await post(`order ${waits.length}\n`));
    return bytes >= 5;
  });
  expect(Math.max(...waits)).toBeLessThan(PATIENCE);
  expect((residentKibibytes() - before) / SENDERS).toBeLessThan(KIBIBYTES_EACH);
  expect(sockets.filter((socket) => socket.readyState !== "open")).toEqual([]);
  const { rows } = await server.search("service:quick order", { limit: "10000" });
  expect(rows.length).toBe(waits.length);
});
