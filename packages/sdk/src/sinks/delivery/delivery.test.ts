import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from "../../../../../test/scripted-server.ts";
import { createProblems } from "../../problems.ts";
import { createDelivery, type Delivery, type DeliverySettings } from "./delivery.ts";
import { judgeStatus } from "./judge.ts";

/** Limit, and pause between looks, in milliseconds. */
const SOON = { timeout: 15_000, interval: 10 };

const SETTINGS: DeliverySettings = {
  maxQueueSize: 100,
  maxBatchSize: 10,
  flushInterval: 60_000,
  retries: 2,
  timeout: 10_000,
  flushTimeout: 10_000,
  exitTimeout: 5_000,
  isCompressed: false,
  parallel: 1,
};

let server: ScriptedServer | undefined;
let open: Delivery<string>[] = [];
afterEach(async () => {
  await server?.stop();
  for (const delivery of open) await delivery.close();
  open = [];
});

/** Delivers texts as lists of JSON. With pauses of next to nothing: chance gives no more. */
async function deliveryTo(answers: readonly ScriptedAnswer[], settings: Partial<DeliverySettings> = {}) {
  server = await startScriptedServer(...answers);
  return deliveryAt(server, settings);
}

function deliveryAt(to: ScriptedServer, settings: Partial<DeliverySettings> = {}, chance = -0.999) {
  const told: string[] = [];
  const delivery = createDelivery<string>(
    "testSink",
    {
      encode: (items) => ({ url: to.url, headers: {}, body: JSON.stringify(items) }),
      judge: (answer) => judgeStatus(answer, (status) => status >= 500 || status === 429),
      sizeOf: (item) => item.length,
    },
    { ...SETTINGS, ...settings },
    // Chance of -1 leaves no pause.
    { fetch, random: () => chance, problems: createProblems((line) => told.push(line)) },
  );
  open.push(delivery);
  return { delivery, told, bodies: () => to.requests.map(({ body }) => body) };
}

/** A server in a thread of its own: it answers while this one is held up. */
async function startServerBeside() {
  const bodies: string[] = [];
  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads");
    const server = require("node:http").createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      parentPort.postMessage(body);
      response.end("{}");
    });
    server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`,
    { eval: true },
  );
  const [port] = (await once(worker, "message")) as [number];
  worker.on("message", (body: string) => bodies.push(body));
  return { url: `http://127.0.0.1:${port}`, bodies, stop: async () => void (await worker.terminate()) };
}

const OK = { status: 200 };

describe("delivery", () => {
  it("waits for others to go along, and for no longer than it is told", async () => {
    const { delivery, bodies } = await deliveryTo([OK], { flushInterval: 50 });
    delivery.push("a");
    delivery.push("b");
    await expect.poll(bodies, SOON).toEqual([["a", "b"]]);
    delivery.push("c");
    await expect.poll(bodies, SOON).toEqual([["a", "b"], ["c"]]);
  });

  it("sends full batches at once, in order, and the rest when it is flushed", async () => {
    const { delivery, bodies } = await deliveryTo([OK]);
    const items = Array.from({ length: 25 }, (_, i) => `${i}`);
    for (const item of items) delivery.push(item);
    await expect.poll(() => bodies().length, SOON).toBe(2);
    await delivery.flush();
    expect(bodies()).toEqual([items.slice(0, 10), items.slice(10, 20), items.slice(20)]);
    expect(delivery.dropped).toBe(0);
  });

  it.each<[string, ScriptedAnswer]>([
    ["500", { status: 500 }],
    ["429", { status: 429 }],
    ["a broken connection", "die"],
  ])("tries again after %s, and loses nothing by it", async (_name, failure) => {
    const { delivery, bodies, told } = await deliveryTo([failure, failure, OK]);
    delivery.push("a");
    await delivery.flush();
    expect(bodies()).toEqual([["a"], ["a"], ["a"]]);
    expect(delivery.dropped).toBe(0);
    expect(told).toEqual([]);
  });

  it("tries again when no answer comes in time", async () => {
    const { delivery, bodies } = await deliveryTo(["hang", OK], { timeout: 2_000 });
    delivery.push("a");
    await delivery.flush();
    expect(bodies()).toEqual([["a"], ["a"]]);
    expect(delivery.dropped).toBe(0);
  });

  it("gives up after the last try, counts, tells why once, and goes on with the next", async () => {
    const failure = { status: 503, body: "down for\n\u001b[31mmaintenance" };
    const { delivery, bodies, told } = await deliveryTo(
      [failure, failure, failure, failure, failure, failure, OK],
      {
        maxBatchSize: 1,
      },
    );
    for (const item of ["a", "b", "c"]) delivery.push(item);
    await delivery.flush();
    expect(bodies()).toEqual([["a"], ["a"], ["a"], ["b"], ["b"], ["b"], ["c"]]);
    expect(delivery.dropped).toBe(2);
    expect(told).toEqual([
      "polylog: testSink drops records: the server answers 503: down for [31mmaintenance [POLYLOG_E_ENDPOINT]\n",
    ]);
  });

  it.each([400, 401, 403, 404, 413])("doesn't try again after %d", async (status) => {
    const { delivery, bodies } = await deliveryTo([{ status }, OK]);
    delivery.push("a");
    delivery.push("b");
    await delivery.flush();
    expect(bodies()).toHaveLength(1);
    expect(delivery.dropped).toBe(2);
  });

  it.each([301, 302, 307, 308])("follows no redirect (%d), counts and says what to do", async (status) => {
    const other = await startScriptedServer();
    try {
      const { delivery, bodies, told } = await deliveryTo([{ status, headers: { location: other.url } }]);
      delivery.push("secret");
      await delivery.flush();
      expect(bodies()).toHaveLength(1);
      expect(other.requests).toEqual([]);
      expect(delivery.dropped).toBe(1);
      expect(told[0]).toMatch(/redirects.*final address/);
    } finally {
      await other.stop();
    }
  });

  it("waits as long as Retry-After says", async () => {
    const { delivery } = await deliveryTo([{ status: 429, headers: { "retry-after": "1" } }, OK]);
    delivery.push("a");
    await delivery.flush();
    const [first, second] = server!.requests;
    expect(second!.time - first!.time).toBeGreaterThanOrEqual(990);
    expect(delivery.dropped).toBe(0);
  });

  it.each(["0", new Date(0).toUTCString()])(
    "waits as long as it would else after Retry-After: %s",
    async (header) => {
      server = await startScriptedServer({ status: 503, headers: { "retry-after": header } }, OK);
      const { delivery } = deliveryAt(server, {}, 0);
      delivery.push("a");
      await delivery.flush();
      const [first, second] = server.requests;
      expect(second!.time - first!.time).toBeGreaterThanOrEqual(490);
    },
  );

  it("drops the oldest when more wait than may, and counts them", async () => {
    const { delivery, bodies } = await deliveryTo([OK], { maxQueueSize: 5, maxBatchSize: 100 });
    for (let i = 0; i < 12; i++) delivery.push(`${i}`);
    await delivery.flush();
    expect(bodies()).toEqual([["7", "8", "9", "10", "11"]]);
    expect(delivery.dropped).toBe(7);
  });

  it("holds no more than 32 Mi characters, however few records they are", async () => {
    const { delivery, bodies } = await deliveryTo([OK], { maxBatchSize: 100 });
    for (let i = 0; i < 20; i++) delivery.push(`${i}`.padEnd(2 * 1024 * 1024, "x"));
    await delivery.flush();
    expect(delivery.dropped).toBe(4);
    // 4 Mi to a request.
    expect(bodies().map((body) => (body as string[]).length)).toEqual(Array(8).fill(2));
  });

  it("has no more requests on their way than it may", async () => {
    const { delivery, bodies } = await deliveryTo(["hang"], {
      maxBatchSize: 1,
      parallel: 3,
      flushTimeout: 100,
    });
    for (let i = 0; i < 10; i++) delivery.push(`${i}`);
    await expect.poll(() => bodies().length, SOON).toBe(3);
    await delivery.flush();
    expect(bodies()).toEqual([["0"], ["1"], ["2"]]);
  });

  it("waits for a server that takes nothing no longer than it is told, and keeps the records", async () => {
    const { delivery } = await deliveryTo(["hang"], { flushTimeout: 100 });
    delivery.push("a");
    const start = performance.now();
    await delivery.flush();
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(delivery.dropped).toBe(0);
  });

  it("counts what it could not bring out when it is closed, and what comes later", async () => {
    const { delivery } = await deliveryTo(["hang"], { flushTimeout: 100, maxBatchSize: 2 });
    for (const item of ["a", "b", "c"]) delivery.push(item);
    await delivery.close();
    expect(delivery.dropped).toBe(3);
    delivery.push("d");
    expect(delivery.dropped).toBe(4);
  });

  it("goes on with what it has when it is closed because another takes its place", async () => {
    const { delivery, bodies } = await deliveryTo(["hang", OK], { timeout: 300, flushTimeout: 50 });
    delivery.push("a");
    await delivery.close(true);
    expect(bodies()).toEqual([["a"], ["a"]]);
    expect(delivery.dropped).toBe(0);
    delivery.push("late");
    expect(delivery.dropped).toBe(1);
  });

  it("comes to an end when it is closed because another takes its place, and counts what it could not", async () => {
    const { delivery } = await deliveryTo([{ status: 503 }], { flushTimeout: 50, maxBatchSize: 1 });
    delivery.push("a");
    delivery.push("b");
    await delivery.close(true);
    expect(delivery.dropped).toBe(2);
  });

  it("goes on by itself when the server is there again", async () => {
    const gone = await startScriptedServer();
    await gone.stop();
    const { delivery, told } = deliveryAt(gone);
    delivery.push("a");
    await delivery.flush();
    expect(delivery.dropped).toBe(1);
    expect(told[0]).toMatch(/can't be reached: .*ECONNREFUSED/);
  });

  it("starts sending when it is flushed without waiting, and goes on as before", async () => {
    const { delivery, bodies } = await deliveryTo([{ status: 503 }, OK], { exitTimeout: 20_000 });
    delivery.push("a");
    delivery.flushSync();
    await expect.poll(bodies, SOON).toEqual([["a"], ["a"]]);
    delivery.push("b");
    await delivery.flush();
    expect(bodies()).toEqual([["a"], ["a"], ["b"]]);
    expect(delivery.dropped).toBe(0);
  });

  it("goes on sending when it is a page that goes, which may come back", async () => {
    const { delivery, bodies } = await deliveryTo([OK]);
    delivery.push("a");
    vi.stubGlobal("process", undefined);
    delivery.flushSync(true);
    vi.unstubAllGlobals();
    await expect.poll(bodies, SOON).toEqual([["a"]]);
    expect(delivery.dropped).toBe(0);
  });

  it("brings out within the call what comes after the end has begun", async () => {
    const { url, bodies, stop } = await startServerBeside();
    try {
      const { delivery } = deliveryAt({ url, requests: [], stop }, { exitTimeout: 60_000 });
      delivery.push("a");
      delivery.flushSync(true);
      delivery.push("late");
      await expect.poll(() => bodies, SOON).toEqual(['["a"]', '["late"]']);
      expect(delivery.dropped).toBe(0);
    } finally {
      await stop();
    }
  });

  it("counts what is left where no process can be started, as under the permission model", async () => {
    const spawn = vi.spyOn(process.getBuiltinModule("node:child_process"), "spawnSync");
    spawn.mockImplementation(() => {
      throw new Error("Access to this API has been restricted");
    });
    try {
      const { delivery } = await deliveryTo([OK]);
      delivery.push("a");
      delivery.push("b");
      delivery.flushSync(true);
      expect(delivery.dropped).toBe(2);
    } finally {
      spawn.mockRestore();
    }
  });

  it("holds up the end once for all records, not for each", async () => {
    const spawn = vi.spyOn(process.getBuiltinModule("node:child_process"), "spawnSync");
    try {
      const { delivery } = await deliveryTo([OK], { exitTimeout: 50 });
      delivery.flushSync(true);
      // This process is held up, so the server that runs in it doesn't answer.
      for (const item of ["a", "b", "c"]) delivery.push(item);
      expect(delivery.dropped).toBe(3);
      expect(spawn).toHaveBeenCalledOnce();
    } finally {
      spawn.mockRestore();
    }
  });

  it("compresses when it is told to", async () => {
    const { delivery, bodies } = await deliveryTo([OK], { isCompressed: true });
    delivery.push("grün");
    await delivery.flush();
    expect(bodies()).toEqual([["grün"]]);
    expect(server!.requests[0]!.headers["content-encoding"]).toBe("gzip");
  });
});
