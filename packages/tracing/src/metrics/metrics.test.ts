import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { diag, metrics as metricsApi } from "@opentelemetry/api";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { TracingOptions } from "../options.ts";
import { startGrpcCollector, startHttpCollector } from "../testing/collector.ts";
import { createTracing } from "../tracing.ts";

const told: string[] = [];
const tracing = createTracing({ environment: {}, tell: (code, message) => told.push(`${code} ${message}`) });
const plain = { instrumentations: false, exporter: "none", serviceName: "shop" } satisfies TracingOptions;

afterEach(async () => {
  await tracing.shutdown();
  vi.unstubAllEnvs();
});

/** As the instrumentation of a database records an operation. */
function recordOperation(seconds: number, attributes: Record<string, string>): void {
  metricsApi
    .getMeter("database")
    .createHistogram("db.client.operation.duration", { unit: "s" })
    .record(seconds, { "db.system.name": "aerospike", ...attributes });
}

const textOf = async (url: string) => (await fetch(url)).text();

describe("startMetricsServer", () => {
  it("listens on any free port for 0, and says where", async () => {
    const server = await tracing.startMetricsServer(0, "127.0.0.1");
    expect(server.port).toBeGreaterThan(0);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/metrics`);
    const response = await fetch(server.url);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    await server.close();
    await server.close();
    await expect(fetch(server.url)).rejects.toThrow();
  });

  it("serves the duration of operations as a histogram with the labels and buckets of the specification", async () => {
    tracing.init(plain);
    const { url } = await tracing.startMetricsServer(0, "127.0.0.1");
    const put = { "db.namespace": "test", "db.collection.name": "users", "db.operation.name": "PUT" };
    recordOperation(0.002, put);
    recordOperation(0.7, { ...put, "error.type": "TimeoutError" });
    const text = await textOf(url);
    expect(text).toContain("# TYPE db_client_operation_duration_seconds histogram\n");
    const line = text
      .split("\n")
      .find((line) => line.startsWith("db_client_operation_duration_seconds_count{"));
    for (const label of [
      'db_system_name="aerospike"',
      'db_namespace="test"',
      'db_collection_name="users"',
      'db_operation_name="PUT"',
    ]) {
      expect(line).toContain(label);
    }
    expect(text).toMatch(/_count\{[^}]*error_type="TimeoutError"[^}]*\} 1\n/);
    const buckets = [...text.matchAll(/operation_duration_seconds_bucket\{[^}]*le="([^"]+)"/g)].map(
      (match) => match[1],
    );
    expect([...new Set(buckets)]).toEqual([
      "0.001",
      "0.005",
      "0.01",
      "0.05",
      "0.1",
      "0.5",
      "1",
      "5",
      "10",
      "+Inf",
    ]);
  });

  it("serves what the process takes, under the names that Prometheus has for it", async () => {
    const { url } = await tracing.startMetricsServer(0, "127.0.0.1");
    await textOf(url);
    await expect.poll(() => textOf(url)).toContain("nodejs_eventloop_delay_p99_seconds");
    const text = await textOf(url);
    const value = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (.+)$`, "m").exec(text)?.[1]);
    expect(value("process_cpu_seconds_total")).toBeGreaterThan(0);
    expect(value("process_resident_memory_bytes")).toBeGreaterThan(1e6);
    expect(value("process_start_time_seconds")).toBeCloseTo(Date.now() / 1000 - process.uptime(), -1);
    if (process.platform === "linux") expect(value("process_open_fds")).toBeGreaterThan(2);
    expect(text).toContain("v8js_memory_heap_used_bytes{");
    expect(text).not.toContain("# UNIT");
  });

  it("answers nothing but GET /metrics", async () => {
    const { url } = await tracing.startMetricsServer(0, "127.0.0.1");
    expect((await fetch(new URL("/", url))).status).toBe(404);
    expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(405);
  });

  it.each([Number.NaN, -1, 65_536, 1.5])("refuses %s, which is no port, with a code", async (port) => {
    await expect(tracing.startMetricsServer(port, "127.0.0.1")).rejects.toMatchObject({
      code: "POLYLOG_E_METRICS_SERVER",
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });

  it("says which port is taken, and what to do", async () => {
    const { port } = await tracing.startMetricsServer(0, "127.0.0.1");
    await expect(tracing.startMetricsServer(port, "127.0.0.1")).rejects.toMatchObject({
      code: "POLYLOG_E_METRICS_SERVER",
      message: `metrics can't be served on 127.0.0.1:${port}: it is taken: give another port, or 0 for any`,
    });
  });
});

describe("metrics over OTLP", () => {
  it.each([
    ["grpc", startGrpcCollector, "MetricsService"],
    ["http/protobuf", startHttpCollector, "POST /v1/metrics application/x-protobuf"],
    ["http/json", startHttpCollector, "POST /v1/metrics application/json"],
  ] as const)("are sent over %s, the last ones at shutdown", async (protocol, start, request) => {
    const collector = await start();
    tracing.init({ ...plain, metricsExporter: "otlp", protocol, endpoint: collector.endpoint });
    recordOperation(0.002, {});
    await tracing.shutdown();
    await collector.close();
    expect(collector.requests).toContain(request);
    expect(told).toEqual([]);
  });

  it("are not sent unless somebody asks for it", async () => {
    const collector = await startHttpCollector();
    tracing.init({ ...plain, protocol: "http/json", endpoint: collector.endpoint });
    recordOperation(0.002, {});
    await tracing.shutdown();
    await collector.close();
    expect(collector.requests).toEqual([]);
  });
});

describe("the environment says of metrics over OTLP", () => {
  it.each([
    ["grpc", startGrpcCollector],
    ["http/protobuf", startHttpCollector],
    ["http/json", startHttpCollector],
  ] as const)("which headers they have, over %s", async (protocol, start) => {
    const collector = await start();
    vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=all,x-team=billing");
    vi.stubEnv("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "x-key=metrics");
    tracing.init({
      ...plain,
      exporter: "otlp",
      metricsExporter: "otlp",
      protocol,
      endpoint: collector.endpoint,
    });
    recordOperation(0.002, {});
    tracing.tracer().startSpan("work").end();
    await tracing.shutdown();
    await collector.close();
    const keys = collector.requests.map((request, at) => {
      const signal = /metrics/i.test(request) ? "metrics" : "traces";
      return `${signal}: ${collector.headers[at]?.["x-key"]}, ${collector.headers[at]?.["x-team"]}`;
    });
    expect([...new Set(keys)].sort()).toEqual(["metrics: metrics, billing", "traces: all, billing"]);
  });

  it("how long an export may take, and how long it is to the next", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const complaints: string[] = [];
    const error = (complaint: string) => complaints.push(complaint);
    const ignore = () => {};
    diag.setLogger({ error, warn: ignore, info: ignore, debug: ignore, verbose: ignore });
    const { port } = silent.address() as AddressInfo;
    const impatient = createTracing({
      environment: { OTEL_METRIC_EXPORT_INTERVAL: "40", OTEL_METRIC_EXPORT_TIMEOUT: "30" },
      tell: () => {},
    });
    impatient.init({
      ...plain,
      metricsExporter: "otlp",
      protocol: "http/json",
      endpoint: `http://127.0.0.1:${port}`,
    });
    await expect.poll(() => complaints).toContainEqual(expect.stringContaining("timed out after 30ms"));
    diag.disable();
    silent.closeAllConnections();
    silent.close();
    await impatient.shutdown();
  });
});
