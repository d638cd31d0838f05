import { createSocket } from "node:dgram";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { encode } from "@msgpack/msgpack";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** A flood of one service beside a trickle of another, over real connections into the real store. */

const FLOODERS = 24;
const RECORDS = 5000;
/** Requests of the quiet service, one after the other. */
const REQUESTS = 30;

let server: ServerProcess;
/** Where one source may send little, over ports on which nobody is told to come back, and from files. */
let limited: ServerProcess;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-fairness-"));
  server = await startServerProcess({ flags: ["--intake-memory", "4MB"] });
  limited = await startServerProcess({
    flags: [
      ...["--receivers", "syslog:0,gelf:0,forward:0", "--rate-limits", "flood=1KB"],
      ...["--tail", join(directory, "*.log")],
    ],
  });
});
afterAll(async () => {
  await Promise.all([server?.stop(), limited?.stop()]);
  await rm(directory, { recursive: true, force: true });
});

function linesOf(service: string, count: number): string {
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      level: "info",
      message: `request ${n} took ${n % 97} ms`,
      service,
      path: `/item/${n % 31}`,
    }),
  );
  return lines.join("\n");
}

async function send(body: string): Promise<number> {
  const response = await fetch(`${server.address}/v1/jsonl`, { method: "POST", body });
  await response.arrayBuffer();
  return response.status;
}

it("a flood is asked to come back, and what is quiet beside it is stored, each time and soon", async () => {
  const body = linesOf("flood", RECORDS);
  const flood = { stored: 0, refused: 0 };
  let isOver = false;
  const flooders = Array.from({ length: FLOODERS }, async () => {
    while (!isOver) {
      const status = await send(body);
      if (status === 200) flood.stored++;
      else if (status === 429) flood.refused++;
      else throw new Error(`the flood met status ${status}`);
      if (status === 429) await delay(50);
    }
  });
  // The flood has filled what it may.
  await expect.poll(() => flood.refused, { timeout: 30_000 }).toBeGreaterThan(0);

  const statuses: number[] = [];
  const times: number[] = [];
  for (let n = 0; n < REQUESTS; n++) {
    const begin = performance.now();
    statuses.push(await send(linesOf("quiet", 1)));
    times.push(performance.now() - begin);
  }
  isOver = true;
  await Promise.all(flooders);

  times.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(times[Math.floor(times.length * share)] ?? 0);
  console.info(
    `quiet: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; flood: ${flood.stored} stored, ${flood.refused} refused`,
  );
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(at(0.5)).toBeLessThan(10_000);

  const { sources } = (await (await fetch(`${server.address}/api/v1/intake`)).json()) as {
    sources: { name: string; records: number; refused: Record<string, number> }[];
  };
  expect(sources.find(({ name }) => name === "quiet")).toMatchObject({ records: REQUESTS, refused: {} });
  expect(sources.find(({ name }) => name === "flood")?.refused.over_share).toBeGreaterThan(0);
}, 120_000);

/** Where a receiver of the second server listens. */
async function portOf(receiver: string, transport: string): Promise<number> {
  const status = (await (await fetch(`${limited.address}/api/v1/status`)).json()) as {
    endpoints: { receivers: { receiver: string; transport: string; address: string }[] };
  };
  const found = status.endpoints.receivers.find(
    (one) => one.receiver === receiver && one.transport === transport,
  );
  return Number(found?.address.split(":").at(-1));
}

/** One sender's connection. What the flood's takes no more of waits in it. */
async function overTcp(receiver: string): Promise<Send> {
  const socket = createConnection(await portOf(receiver, "tcp"), "127.0.0.1");
  socket.on("error", () => {});
  sockets.push(() => socket.destroy());
  return (message) => void socket.write(message);
}

async function overUdp(receiver: string): Promise<Send> {
  const socket = createSocket("udp4");
  const port = await portOf(receiver, "udp");
  sockets.push(() => socket.close());
  return (message) => socket.send(message, port, "127.0.0.1");
}

type Send = (message: string | Uint8Array) => void;
const sockets: (() => void)[] = [];
afterEach(() => {
  for (const close of sockets.splice(0)) close();
});

const syslog = (service: string, text: string): string =>
  `<14>1 2026-11-21T10:00:00Z web-1 ${service} - - - ${text}`;
const gelf = (service: string, text: string): string =>
  JSON.stringify({ version: "1.1", host: "web-1", short_message: text, _service: service });
const forward = (service: string, text: string): Uint8Array =>
  encode([service, Math.floor(Date.now() / 1000), { message: text, service }]);

type Protocol = readonly [
  name: string,
  connect: () => Promise<Send>,
  messageOf: (service: string, text: string) => string | Uint8Array,
];

it.each<Protocol>([
  ["syslog over TCP", () => overTcp("syslog"), (service, text) => `${syslog(service, text)}\n`],
  ["syslog over UDP", () => overUdp("syslog"), syslog],
  ["GELF over TCP", () => overTcp("gelf"), (service, text) => `${gelf(service, text)}\0`],
  ["GELF over UDP", () => overUdp("gelf"), gelf],
  ["Forward without acknowledgements", () => overTcp("forward"), forward],
])(
  "what is quiet beside a source over its limit is stored, each record and soon: %s",
  async (name, connect, of) => {
    const [flood, quiet] = await Promise.all([connect(), connect()]);
    const marker = name.replaceAll(" ", "");
    // Its first write takes more than it may send in a minute, and what follows waits.
    for (let n = 0; n < 50; n++) {
      for (let i = 0; i < 40; i++) flood(of("flood", `${marker} ${n} ${"x".repeat(60)}`));
      quiet(of("quiet", `${marker} said ${n}`));
      await delay(5);
    }
    await expect
      .poll(async () => (await limited.search(`service:quiet "${marker} said"`)).rows.length, {
        timeout: 20_000,
      })
      .toBe(50);
    const { sources } = (await (await fetch(`${limited.address}/api/v1/intake`)).json()) as {
      sources: { name: string; refused: Record<string, number> }[];
    };
    expect(sources.find((one) => one.name === "flood")?.refused.rate_limited).toBeGreaterThan(0);
  },
  60_000,
);

it("files beside those of a source over its limit are read on", async () => {
  const lines = (n: number): string =>
    `${JSON.stringify({ message: `filed line ${n} ${"x".repeat(60)}` })}\n`;
  for (let round = 0; round < 5; round++) {
    await appendFile(join(directory, "flood.log"), lines(round).repeat(500));
    await appendFile(join(directory, "still.log"), lines(round));
    await expect
      .poll(async () => (await limited.search('service:still "filed line"')).rows.length, { timeout: 20_000 })
      .toBe(round + 1);
  }
}, 60_000);
