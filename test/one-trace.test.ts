import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, type TestContext } from "vitest";
import {
  findOfficialClient,
  type OfficialClient,
} from "../packages/aerospike/src/testing/official-client.ts";
import { startServerProcess as startAerospike } from "../packages/aerospike/src/testing/server-process.mjs";
import type { SpanRow, TraceResponse } from "../packages/server/src/contract/index.ts";
import { launchChromium } from "../packages/web/testing/browser.ts";
import { buildAddon } from "./native-addon.ts";
import { poll } from "./poll.ts";
import { findPython, installPackages } from "./python.ts";
import { ROOT, type ServerProcess, startServerProcess } from "./server-process.ts";

/**
 * One click is one trace in the store: spans of the page, Express, the Aerospike client, the call of the Rust addon, the addon
 * itself and the Python worker, and on each of them what its runtime logged.
 */

/** The page makes the first span of the trace, and sends it as any OpenTelemetry SDK does. */
const PAGE = `<button>Order</button><script type="module">
  const id = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  document.querySelector("button").onclick = async () => {
    const [traceId, spanId, began] = [id(16), id(8), Date.now()];
    const answer = await fetch("/orders/7", { method: "POST", headers: { traceparent: "00-" + traceId + "-" + spanId + "-01" } });
    const span = { traceId, spanId, name: "click Order", kind: 3, startTimeUnixNano: began + "000000", endTimeUnixNano: Date.now() + "000000" };
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "page" } }] };
    await fetch("POLYLOG/v1/traces", { method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }) });
    globalThis.done = { traceId, status: answer.status };
  };
</script>`;

const SERVICE = `
import { createRequire } from "node:module";
import { configure, getLogger, otlpSink } from "polylog";
import { carriedContext, spawn } from "polylog/processes";
import { trace } from "@polylog/tracing";
import express from "express";
const [clientFolder, aerospikePort, addon, python, worker, page] = process.argv.slice(2);
configure({ sinks: { otlp: otlpSink({ flushInterval: 50 }) } });
const Aerospike = createRequire(clientFolder + "/package.json")("aerospike");
const native = createRequire(import.meta.url)(addon);
const client = await Aerospike.connect({ hosts: [{ addr: "127.0.0.1", port: Number(aerospikePort) }], log: { level: Aerospike.log.OFF } });
const child = spawn(python, [worker], { lines: ["stderr"], logger: "worker" });
const app = express();
app.get("/", (request, response) => { response.type("html").send(page); });
app.post("/orders/:id", async (request, response) => {
  const key = new Aerospike.Key("test", "orders", request.params.id);
  getLogger("shop").info("ordered", { order: request.params.id });
  await client.put(key, { state: "new" });
  await client.get(key);
  await trace("ask for the price", { "order.id": request.params.id }, () => native.price(Number(request.params.id)));
  child.stdin.write(JSON.stringify({ context: carriedContext() }) + "\\n");
  response.json({});
});
const server = app.listen(0, "127.0.0.1", () => console.log("port " + server.address().port));
process.once("SIGTERM", async () => {
  child.stdin.end();
  await new Promise((resolve) => child.once("close", resolve));
  client.close();
  process.exit(0);
});
`;

/** As docs/tracing.md has it. */
const WORKER =
  /^```python\n([\s\S]*?)^```$/m.exec(readFileSync(join(ROOT, "docs/tracing.md"), "utf8"))?.[1] ?? "";

const AEROSPIKE = {
  "db.system.name": "aerospike",
  "db.namespace": "test",
  "db.collection.name": "orders",
  "server.address": "127.0.0.1",
};

/** All spans of the trace: service, name and kind, the span around it, and what it says. */
const SPANS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["page: click Order, Client, in none", {}],
  [
    "shop: POST /orders/:id, Server, in click Order",
    { "http.request.method": "POST", "http.route": "/orders/:id" },
  ],
  ["shop: request handler, Internal, in POST /orders/:id", { "express.type": "request_handler" }],
  ["shop: PUT test.orders, Client, in request handler", { ...AEROSPIKE, "db.operation.name": "PUT" }],
  ["shop: GET test.orders, Client, in request handler", { ...AEROSPIKE, "db.operation.name": "GET" }],
  ["shop: ask for the price, Internal, in request handler", { "order.id": "7" }],
  // Rust's own: `info_span!("price", order)`, on a thread of libuv.
  ["shop: price, Internal, in ask for the price", { order: "7" }],
  ["packer: pack, Consumer, in request handler", {}],
];

/** Nanoseconds since 1970, of `2026-01-01T00:00:00.123456789Z`. */
function startOf({ timestamp }: SpanRow): bigint {
  const [, seconds, fraction = ""] = /^(.*?)(?:\.(\d+))?Z$/.exec(timestamp) ?? [];
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

const endOf = (span: SpanRow) => startOf(span) + BigInt(span.duration);

let polylog: ServerProcess;
let folder: string;

beforeAll(async () => {
  polylog = await startServerProcess();
  // Inside the checkout, so that names of packages lead to those of the workspace.
  folder = mkdtempSync(join(ROOT, "packages/tracing/.test-"));
});

afterAll(async () => {
  await polylog?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** What this machine has to have, beside what npm installs. */
function needed(context: TestContext): { client: OfficialClient; addon: string; python: string } {
  const client = findOfficialClient();
  const addon = buildAddon("polylog-example-addon");
  const found = findPython();
  const python = "missing" in found ? found : installPackages(found.program, "opentelemetry");
  if (typeof client === "string") return context.skip(client);
  if (addon.path === undefined) return context.skip(addon.reason);
  if ("missing" in python) return context.skip(python.missing);
  return { client, addon: addon.path, python: python.program };
}

it("a click is one trace, from the page to the database, the addon and the worker, with what each logged", async (context) => {
  const { client, addon, python } = needed(context);
  const aerospike = await startAerospike();
  const [service, worker] = [join(folder, "service.mjs"), join(folder, "worker.py")];
  writeFileSync(service, SERVICE);
  writeFileSync(worker, WORKER);
  const page = PAGE.replace("POLYLOG", polylog.address);
  const words = [client.folder, String(aerospike.port), addon, python, worker, page];
  const child = spawn(process.execPath, ["--import", "@polylog/tracing/register", service, ...words], {
    cwd: folder,
    env: {
      ...process.env,
      PYTHONPATH: join(ROOT, "python/polylog/src"),
      OTEL_SERVICE_NAME: "shop",
      OTEL_EXPORTER_OTLP_ENDPOINT: polylog.address,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_BSP_SCHEDULE_DELAY: "50",
      RUST_LOG: "info",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise((resolve) => child.once("close", resolve));
  const browser = await launchChromium();
  try {
    const port = await poll("the service listens", () => {
      if (child.exitCode !== null) throw new Error(output);
      return /port (\d+)/.exec(output)?.[1];
    });
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${port}/`);
    await tab.click("button");
    await tab.waitForFunction(() => "done" in globalThis);
    const done = await tab.evaluate(
      () => (globalThis as unknown as { done: { traceId: string; status: number } }).done,
    );
    expect(done.status, output).toBe(200);

    const trace = async () => {
      const answer = await fetch(`${polylog.address}/api/v1/traces/${done.traceId}`);
      return answer.ok ? ((await answer.json()) as TraceResponse) : undefined;
    };
    const { spans, logs } = await poll(`the trace is whole: ${output}`, async () => {
      const found = await trace();
      return found !== undefined && found.spans.length >= SPANS.length && found.logs.length >= 3
        ? found
        : undefined;
    });
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const nameOf = (spanId: string) => byId.get(spanId)?.name ?? "none";
    const told = spans.map((span) => [
      `${span.service}: ${span.name}, ${span.kind}, in ${nameOf(span.parentSpanId)}`,
      span.attributes,
    ]);
    const byName = (a: readonly unknown[], b: readonly unknown[]) => String(a[0]).localeCompare(String(b[0]));
    expect(told.sort(byName)).toEqual(
      SPANS.map(([what, attributes]) => [what, expect.objectContaining(attributes)]).sort(byName),
    );
    expect(spans.map((span) => span.statusCode)).toEqual(SPANS.map(() => "Unset"));
    expect(new Set(logs.map((log) => `${log.runtime} ${log.body}, in ${nameOf(log.spanId)}`))).toEqual(
      new Set(["node ordered, in request handler", "rust priced, in price", "python packed, in pack"]),
    );
    const [asked, price] = ["ask for the price", "price"].map((name) =>
      spans.find((span) => span.name === name),
    );
    expect(price).toMatchObject({ runtime: "rust", scope: "polylog_example_addon" });
    expect(asked?.runtime).toBe("node");
    expect(startOf(price!)).toBeGreaterThanOrEqual(startOf(asked!));
    // Node's spans begin, and so end, at whole milliseconds before their time.
    expect(endOf(price!)).toBeLessThanOrEqual(endOf(asked!) + 1_000_000n);
  } finally {
    await browser.close();
    child.kill("SIGTERM");
    await ended;
    await aerospike.stop();
  }
}, 280_000);
