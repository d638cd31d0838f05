import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PolylogError } from "../errors.ts";
import { createApp } from "../http/app.ts";
import { registerJsonl } from "../receivers/jsonl/receiver.ts";
import type { LogRecord } from "../record/record.ts";
import { scopeOf } from "../record/resource.ts";
import { type CapturingIntake, capturingIntake, receiverContext } from "../testing/capturing-intake.ts";
import { importFiles } from "./import.ts";
import { createShipper } from "./ship.ts";

let app: FastifyInstance;
let intake: CapturingIntake;
let server: string;

beforeEach(async () => {
  intake = capturingIntake();
  app = await serve(0);
  server = `http://127.0.0.1:${portOf(app)}`;
});
afterEach(() => app.close());

async function serve(port: number, authToken: string | null = null): Promise<FastifyInstance> {
  const created = createApp({ authToken, log: { debug() {}, info() {}, warn() {}, error() {} } });
  registerJsonl(created, receiverContext(intake));
  await created.listen({ port, host: "127.0.0.1" });
  return created;
}
const portOf = (instance: FastifyInstance): number => (instance.server.address() as AddressInfo).port;

const record = (body: string): LogRecord => ({
  timestamp: 1_795_257_667_123_456_789n,
  observedTimestamp: 1_795_257_667_123_456_790n,
  ...{ severityNumber: 13, severityText: "WARN", body, eventName: "e" },
  ...{ traceId: "ab".repeat(16), spanId: "cd".repeat(8), traceFlags: 1 },
  resource: {
    attributes: ["service.name", "shop"],
    schemaUrl: "u",
    serviceName: "shop",
    host: "h",
    runtime: "node",
  },
  scope: scopeOf("a.b", "2", ["k", "v"]),
  attributes: ["__proto__", "x", "n", "12345678901234567890"],
});

test("every field of a record arrives", async () => {
  await createShipper({ server }).send([record("one"), record("zwei €\n\u2028")]);
  expect(intake.logs).toEqual([record("one"), record("zwei €\n\u2028")]);
});

test("records that the server can't store are told, and not sent again: the others are stored", async () => {
  intake.spoilNext(1);
  await expect(createShipper({ server }).send([record("one"), record("two")])).rejects.toMatchObject({
    code: "POLYLOG_E_BAD_REQUEST",
    message: "1 of 2 records can't be stored.",
    retryAfterSeconds: undefined,
  });
  expect(intake.logs.map(({ body }) => body)).toEqual(["two"]);
});

test("many records go in several requests", async () => {
  const records = Array.from({ length: 12 }, (_, n) => record(String(n).padEnd(1 << 20, "x")));
  await createShipper({ server }).send(records);
  expect(intake.logs.map((log) => log.body.length)).toEqual(Array(12).fill(1 << 20));
});

test("many records come once when the server goes away in their middle", async () => {
  const away = new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "Away.", { retryAfterSeconds: 0.1 });
  const writeLogs = intake.writeLogs.bind(intake);
  let writes = 0;
  intake.writeLogs = (...write) => {
    if (++writes === 2) intake.refuseNext(away);
    return writeLogs(...write);
  };
  // Three bytes each.
  const bodies = Array.from({ length: 40 }, (_, n) => `${n} ${"日".repeat(100_000)}`);
  await createShipper({ server }).send(bodies.map(record));
  expect(intake.logs.map(({ body }) => body).sort()).toEqual(bodies.sort());
});

test("tries again while the server is full, and says that it waits, once", async () => {
  const full = new PolylogError("POLYLOG_E_INTAKE_FULL", "No room.", { retryAfterSeconds: 0.1 });
  intake.refuseNext(full, full);
  const told: string[] = [];
  const begun = performance.now();
  await createShipper({ server, onWaiting: (reason) => told.push(reason) }).send([record("one")]);
  // Retry-After counts in whole seconds.
  expect(performance.now() - begun).toBeGreaterThan(1900);
  expect(told).toEqual(["No room."]);
  expect(intake.logs).toHaveLength(1);
});

test("tries again while the server is away", async () => {
  const port = portOf(app);
  await app.close();
  const sent = createShipper({ server }).send([record("one")]);
  app = await serve(port);
  await sent;
  expect(intake.logs).toHaveLength(1);
});

test.each([
  ["a server that stays away", { server: "http://127.0.0.1:9", patience: 1 }, "POLYLOG_E_SERVER_AWAY"],
  ["an address that is none", { server: "http://" }, "POLYLOG_E_CONFIG"],
])("%s is told", async (_name, options, code) => {
  const error = await (async () => createShipper(options).send([record("one")]))().catch((cause) => cause);
  expect(error).toMatchObject({ code });
});

test("a refusal is told in the server's words, and not tried again", async () => {
  await app.close();
  app = await serve(0, "secret");
  server = `http://127.0.0.1:${portOf(app)}`;
  await expect(createShipper({ server }).send([record("one")])).rejects.toMatchObject({
    code: "POLYLOG_E_UNAUTHORIZED",
  });
  await createShipper({ server, token: "secret" }).send([record("one")]);
  expect(intake.logs).toHaveLength(1);
});

test("ends when it is told to", async () => {
  const abort = new AbortController();
  const sent = createShipper({
    server: "http://127.0.0.1:9",
    signal: abort.signal,
    onWaiting: () => abort.abort(),
  });
  await expect(sent.send([record("one")])).rejects.toMatchObject({ name: "AbortError" });
});

test("files are imported one after the other, and one that fails doesn't stop the rest", async () => {
  const directory = await mkdtemp(join(tmpdir(), "polylog-ship-"));
  try {
    await writeFile(join(directory, "a.log"), "level=info msg=a\n");
    await writeFile(join(directory, "b.log"), "level=info msg=b\n");
    const outcomes: string[] = [];
    const imported = await importFiles({
      files: [join(directory, "a.log"), join(directory, "missing.log"), join(directory, "b.log")],
      server,
      onFile: (outcome) =>
        outcomes.push("error" in outcome ? outcome.error.message : String(outcome.records)),
    });
    expect(outcomes).toEqual(["1", `There is no file ${join(directory, "missing.log")}.`, "1"]);
    expect(imported).toHaveLength(2);
    expect(intake.logs.map((log) => log.body)).toEqual(["a", "b"]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
