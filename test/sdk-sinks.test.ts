import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPolylog } from "../packages/sdk/src/core/create-polylog.ts";
import { bareHost } from "../packages/sdk/src/host/bare.ts";
import { httpSink } from "../packages/sdk/src/sinks/http/http-sink.ts";
import { otlpSink } from "../packages/sdk/src/sinks/otlp/otlp-sink.ts";
import type { Sink } from "../packages/sdk/src/sinks/sink.ts";
import { ROOT, type ServerProcess, startServerProcess } from "./server-process.ts";

/** What the SDK's own sinks send is found on the server, in full. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 700;

const sinks: Record<string, () => Sink> = {
  OTLP: () => otlpSink({ url: `${server.address}/v1/logs`, variables: {}, maxBatchSize: 100 }),
  "OTLP, compressed": () =>
    otlpSink({ url: `${server.address}/v1/logs`, variables: {}, compression: "gzip" }),
  "Auralogs' protocol": () => httpSink({ apiKey: "any", endpoint: server.address, environment: "staging" }),
};

describe.each(Object.entries(sinks))("records sent by %s", (name, sink) => {
  it("are all found again, with level, logger, message and fields", async () => {
    const run = `run ${name}`;
    const polylog = createPolylog(bareHost());
    polylog.configure({ sinks: { server: sink() }, level: "debug", globalMetadata: { run } });
    const log = polylog.getLogger("shop.orders");
    for (let order = 0; order < RECORDS; order++) log.info("paid", { order, "card.kind": "débit" });
    log.debug("looked");
    log.error("failed", new RangeError("too much"), { order: RECORDS });
    await polylog.shutdown();
    expect(polylog.droppedLogCount()).toBe(0);

    const { rows } = await server.search(`run:"${run}"`, { limit: "2000" });
    const ofLevel = (level: string) => rows.filter((row) => row.level === level);
    expect(new Set(ofLevel("info").map((row) => row.attributes.order)).size).toBe(RECORDS);
    expect(ofLevel("info")).toHaveLength(RECORDS);
    expect(ofLevel("info")[0]).toMatchObject({
      logger: "shop.orders",
      body: "paid",
      attributes: { "card.kind": "débit" },
    });
    expect(ofLevel("debug").map((row) => row.body)).toEqual(["looked"]);
    const [failure, ...others] = ofLevel("error");
    expect(others).toEqual([]);
    expect(failure).toMatchObject({ body: "failed", attributes: { order: String(RECORDS) } });
    expect(JSON.stringify(failure)).toMatch(/RangeError: too much/);
  });
});

it("what a program logs, prints and fails with after init is found again", async () => {
  const program = `import { init, log } from "polylog";
    init({ captureConsole: true, console: false, globalMetadata: { run: "init" } });
    log.info("ready", { port: 80 });
    console.warn("card declined", { order: 17 });
    setTimeout(() => { throw new RangeError("too much"); });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: ROOT,
    env: {
      ...process.env,
      POLYLOG_API_KEY: "any",
      POLYLOG_ENDPOINT: server.address,
      POLYLOG_ENVIRONMENT: "staging",
    },
    stdio: "ignore",
  });
  expect(await once(child, "exit")).toEqual([1, null]);

  const { rows } = await server.search('run:"init"', { limit: "10" });
  expect(rows.map(({ level, body }) => [level, body]).sort()).toEqual([
    ["fatal", "uncaught exception: too much"],
    ["info", "ready"],
    ["warn", "card declined"],
  ]);
  expect(rows.find((row) => row.level === "warn")).toMatchObject({
    logger: "console",
    attributes: { order: "17" },
  });
});
