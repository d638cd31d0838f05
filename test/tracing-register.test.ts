import { afterEach, describe, expect, it } from "vitest";
import { type Collector, startHttpCollector } from "../packages/tracing/src/testing/collector.ts";
import { endPrograms, runTraced } from "./tracing-program.ts";

/** Libraries that are traced without a change to the program, loaded as modules and as CommonJS. */

let collector: Collector;
afterEach(async () => {
  endPrograms();
  await collector.close();
});

const AS_MODULE = ["--import", "@polylog/tracing/register", "--input-type=module"];
const AS_COMMONJS = ["--require", "@polylog/tracing/register"];
const IMPORT_FOR_COMMONJS = ["--import", "@polylog/tracing/register"];

/** The program's spans, after it ended well. */
async function spansOf(code: string, flags: readonly string[], environment: Record<string, string> = {}) {
  collector = await startHttpCollector();
  const program = runTraced(
    code,
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      ...environment,
    },
    flags,
  );
  expect(await program.ended, program.output()).toEqual({ code: 0, signal: null });
  return { spans: collector.spans, output: program.output() };
}

/** A request to itself: `GET /orders/7` → fetch → `GET /leaf`. */
const EXPRESS = `
  const app = express();
  app.get("/orders/:id", async (request, response) => {
    response.json(await (await fetch("http://127.0.0.1:" + server.address().port + "/leaf")).json());
  });
  app.get("/leaf", (request, response) => { response.json({}); });
  const server = http.createServer(app).listen(0, "127.0.0.1", async () => {
    await (await fetch("http://127.0.0.1:" + server.address().port + "/orders/7")).json();
    server.close();
    server.closeAllConnections();
  });`;

const FASTIFY = `
  const app = fastify();
  app.get("/orders/:id", async () => "ok");
  app.listen({ port: 0, host: "127.0.0.1" }).then(async (address) => {
    await (await fetch(address + "/orders/7")).text();
    await app.close();
  });`;

describe.each([
  ["a module", AS_MODULE, (name: string, from: string) => `import ${name} from "${from}";`],
  [
    "CommonJS, by --require",
    AS_COMMONJS,
    (name: string, from: string) => `const ${name} = require("${from}");`,
  ],
  [
    "CommonJS, by --import",
    IMPORT_FOR_COMMONJS,
    (name: string, from: string) => `const ${name} = require("${from}");`,
  ],
])("in %s", (_kind, flags, load) => {
  it("a request through express and fetch is one trace, with the routes", async () => {
    const { spans } = await spansOf(load("express", "express") + load("http", "node:http") + EXPRESS, flags);
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
    const parentOf = (span: (typeof spans)[number] | undefined) =>
      spans.find((one) => one.spanId === span?.parentSpanId);
    const leaf = spans.find((span) => span.name === "GET /leaf");
    const call = parentOf(leaf);
    expect([call?.kind, call?.name]).toEqual(["Client", "GET"]);
    const handler = parentOf(call);
    expect(handler?.name).toMatch(/request handler/);
    const order = parentOf(handler);
    expect([order?.kind, order?.name]).toEqual(["Server", "GET /orders/:id"]);
  });

  it("fastify's requests are traced, with the route", async () => {
    const { spans } = await spansOf(load("fastify", "fastify") + FASTIFY, flags);
    expect(spans.map((span) => span.name)).toContain("GET /orders/:id");
    expect(new Set(spans.map((span) => span.scope.name))).toContain("@fastify/otel");
  });
});

it("libraries that OTEL_NODE_DISABLED_INSTRUMENTATIONS names are left alone", async () => {
  const { spans } = await spansOf(
    `import express from "express"; import http from "node:http"; ${EXPRESS}`,
    AS_MODULE,
    { OTEL_NODE_DISABLED_INSTRUMENTATIONS: "express,undici" },
  );
  expect(new Set(spans.map((span) => span.scope.name))).toEqual(
    new Set(["@opentelemetry/instrumentation-http"]),
  );
});

it("a scrape of the metrics server is no span", async () => {
  const { spans, output } = await spansOf(
    `import { startMetricsServer } from "@polylog/tracing"; import http from "node:http";
     const { url } = await startMetricsServer(0);
     http.get(url, (response) => { response.on("data", (chunk) => process.stdout.write(chunk)); });`,
    AS_MODULE,
    { OTEL_NODE_DISABLED_INSTRUMENTATIONS: "undici" },
  );
  expect(output).toContain("process_cpu_seconds_total");
  expect(spans.filter((span) => span.kind === "Server")).toEqual([]);
});

it("logs in a span carry its ids, the SDK and the tracing together", async () => {
  const { spans, output } = await spansOf(
    `import { configure, log } from "polylog"; import { trace } from "@polylog/tracing";
     configure({ format: "json" });
     log.info("outside");
     await trace("checkout", async () => { await 0; log.info("inside"); });`,
    AS_MODULE,
  );
  const records = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const [checkout] = spans;
  expect(records).toMatchObject([
    { message: "outside" },
    { message: "inside", trace_id: checkout?.traceId, span_id: checkout?.spanId },
  ]);
  expect(records[0].trace_id).toBeUndefined();
});
