import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { tailRows } from "../../contract/index.ts";
import { idAt } from "../../store/id.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { type EventReader, readEvents } from "../testing/event-stream.ts";
import { line } from "../testing/records.ts";
import { until } from "../testing/until.ts";

let api: TestApi;
let address: string;
let service = 0;
const readers: EventReader[] = [];

beforeAll(async () => {
  api = await startTestApi();
  // Rates and intervals are of the real clock.
  const app = await api.another({ clock: Date.now });
  address = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => api.close());
beforeEach(() => {
  service++;
});
afterEach(async () => {
  for (const reader of readers.splice(0)) {
    reader.close();
    await reader.ended;
  }
});

/** A tail of this test's own service. */
async function tail(parameters = "", lastEventId?: string): Promise<EventReader> {
  const query = encodeURIComponent(`service:s${service}`);
  const reader = await readEvents(`${address}/api/v1/logs/tail?query=${query}${parameters}`, lastEventId);
  readers.push(reader);
  return reader;
}

/** Stores records of this test's service that come in now. */
async function arrive(...bodies: string[]): Promise<void> {
  await api.insertLogs(
    bodies.map((body) => line({ ago: 0, service: `s${service}`, body })),
    Date.now(),
  );
}

/** The tail has begun once it passes on what comes in: what came before that is not for it. */
async function begun(reader: EventReader): Promise<void> {
  for (let i = 0; reader.events.length === 0; i++) {
    await arrive("begin");
    await until(() => reader.events.length > 0, 3_000).catch(() => {});
    if (i > 5) throw new Error("the tail does not begin");
  }
  await until(() => reader.bodies().every((body) => body === "begin"));
  reader.events.length = 0;
}

it("passes on what matches soon after its commit, in order of arrival, and once", async () => {
  const reader = await tail();
  await begun(reader);
  const committed = performance.now();
  await arrive("one", "two");
  await until(() => reader.bodies().length >= 2);
  expect(performance.now() - committed).toBeLessThan(1_900);
  await api.insertLogs([line({ ago: 0, service: "other" })], Date.now());
  await arrive("three");
  await until(() => reader.bodies().length >= 3);
  expect(reader.bodies()).toEqual(["one", "two", "three"]);
  expect(reader.matched()).toBe(3);
  for (const { id, data } of reader.events) {
    tailRows.strict().parse(data);
    expect(id).toBe(data.rows.at(-1)?.id);
  }
});

it("begins with the newest records when asked, oldest of them first", async () => {
  const now = Date.now();
  await api.insertLogs(
    ["a", "b", "c"].map((body) => ({
      ...line({ ago: 0, service: `s${service}`, body }),
      timestamp: BigInt(now) * 1_000_000n,
    })),
    now - 60_000,
  );
  const reader = await tail("&backlog=2");
  await until(() => reader.bodies().length >= 2);
  await arrive("d");
  await until(() => reader.bodies().length >= 3);
  expect(reader.bodies()).toEqual(["b", "c", "d"]);
});

it("samples evenly above the rate and says how many matched", async () => {
  const reader = await tail("&rate=20");
  await begun(reader);
  const count = 5_000;
  await arrive(...Array.from({ length: count }, (_, index) => `${index}`));
  await until(() => reader.matched() >= count);
  const sample = reader.bodies().map(Number);
  expect(reader.matched()).toBe(count);
  expect(sample.length).toBeGreaterThan(0);
  expect(sample.length).toBeLessThanOrEqual(40);
  expect(sample).toEqual(sample.toSorted((a, b) => a - b));
  expect(sample.at(-1)).toBe(count - 1);
});

it("goes on from the last event after a reconnect", async () => {
  const first = await tail();
  await begun(first);
  await arrive("seen");
  await until(() => first.bodies().includes("seen"));
  const { id } = first.events.at(-1) ?? {};
  first.close();
  await first.ended;
  await arrive("missed one", "missed two");
  const second = await tail("", id);
  await until(() => second.bodies().length >= 2);
  expect(second.bodies()).toEqual(["missed one", "missed two"]);
});

it.each(["not an id", "-1", "99999999999999999999999"])(
  "begins anew after the event %j, which is not ours",
  async (id) => {
    const reader = await tail("", id);
    await begun(reader);
  },
);

it("passes on what another server numbered earlier and commits later", async () => {
  const reader = await tail();
  await begun(reader);
  const now = Date.now();
  await api.insertLogs([line({ ago: 0, service: `s${service}`, body: "numbered late" })], now);
  await until(() => reader.bodies().includes("numbered late"));
  await api.insertLogs([line({ ago: 0, service: `s${service}`, body: "numbered early" })], now - 1_500);
  await until(() => reader.bodies().includes("numbered early"));
  await arrive("last");
  await until(() => reader.bodies().includes("last"));
  expect(reader.bodies()).toEqual(["numbered late", "numbered early", "last"]);
  const ids = reader.events.map(({ id }) => BigInt(id));
  expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
});

it("finds what was committed without its hearing of it", async () => {
  const reader = await tail();
  await begun(reader);
  await api.engine.client.command({
    query:
      "INSERT INTO otel_logs (Timestamp, ServiceName, Body, Id) VALUES (now64(9), {service:String}, 'quiet', {id:UInt64})",
    query_params: { service: `s${service}`, id: String(idAt(Date.now())) },
  });
  await until(() => reader.bodies().includes("quiet"), 5_000);
});

describe("a refused tail", () => {
  it.each(["query=level%3A", "rate=0", "rate=1001", "backlog=1001", "query=a&query=b"])(
    "%s",
    async (parameters) => {
      const response = await fetch(`${address}/api/v1/logs/tail?${parameters}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: expect.stringMatching(/^POLYLOG_E_/) });
    },
  );
});

it("is not answered to HEAD, which would have no end", async () => {
  const response = await fetch(`${address}/api/v1/logs/tail`, { method: "HEAD" });
  expect(response.status).toBe(404);
});

it("tells of an engine that is away, and goes on when it is back", async () => {
  const reader = await tail();
  await begun(reader);
  const { pid } = api.engine.status();
  process.kill(pid as number, "SIGKILL");
  await until(() => reader.events.some(({ event }) => event === "problem"));
  await until(() => api.engine.status().state === "ready" && api.engine.status().restarts > 0);
  await arrive("after");
  await until(() => reader.bodies().includes("after"));
  const problems = reader.events.filter(({ event }) => event === "problem");
  expect(problems.map(({ data }) => data.code)).toEqual(["POLYLOG_E_STORE_UNAVAILABLE"]);
  expect(reader.bodies()).toEqual(["after"]);
});

it("keeps nothing for a reader who does not read, and counts what was passed over", async () => {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const query = encodeURIComponent(`service:s${service}`);
  socket.write(`GET /api/v1/logs/tail?rate=1000&query=${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const matched = () =>
    [...text.matchAll(/"matched":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  await until(() => text.includes("retry:"));
  await arrive("begin");
  await until(() => matched() === 1);
  socket.pause();

  const before = process.memoryUsage().rss;
  const body = "x".repeat(10_000);
  const rounds = 30;
  for (let round = 0; round < rounds; round++) await arrive(...Array.from({ length: 1_000 }, () => body));
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6);

  socket.resume();
  await until(() => matched() > rounds * 1_000, 30_000);
  expect(matched()).toBe(1 + rounds * 1_000);
  socket.destroy();
});

it("ends when the server stops", async () => {
  const app = await api.another({ clock: Date.now });
  const own = await app.listen({ port: 0, host: "127.0.0.1" });
  const reader = await readEvents(`${own}/api/v1/logs/tail`);
  const stopped = performance.now();
  await app.close();
  await reader.ended;
  expect(performance.now() - stopped).toBeLessThan(3_000);
});

it("is cut off when the server stops and its reader takes nothing", async () => {
  const app = await api.another({ clock: Date.now });
  const { hostname, port } = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
  const socket = connect(Number(port), hostname);
  socket.write("GET /api/v1/logs/tail?rate=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  for (let round = 0; round < 10; round++) {
    await arrive(...Array.from({ length: 1_000 }, () => "x".repeat(10_000)));
  }
  const stopped = performance.now();
  await app.close();
  expect(performance.now() - stopped).toBeLessThan(5_000);
  socket.destroy();
});
