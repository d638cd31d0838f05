import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, it } from "vitest";
import { type Collector, startHttpCollector } from "../packages/tracing/src/testing/collector.ts";
import { endPrograms, runTraced } from "./tracing-program.ts";

/** Variables that only a process of its own can be started with. */

let collector: Collector | undefined;
afterEach(async () => {
  endPrograms();
  await collector?.close();
  collector = undefined;
});

const FLAGS = ["--import", "@polylog/tracing/register", "--input-type=module"];
const SPAN = 'import { trace } from "@polylog/tracing"; trace("work", () => {});';

/** What the program says, after it ended well. */
async function output(code: string, environment: Record<string, string>): Promise<string> {
  const program = runTraced(code, environment, FLAGS);
  expect(await program.ended, program.output()).toEqual({ code: 0, signal: null });
  return program.output();
}

it("OTEL_TRACES_EXPORTER=console writes spans to standard output", async () => {
  expect(await output(SPAN, { OTEL_TRACES_EXPORTER: "console" })).toContain("name: 'work'");
});

it("OTEL_EXPORTER_OTLP_TRACES_HEADERS is sent beside the headers of all signals", async () => {
  collector = await startHttpCollector();
  await output(SPAN, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_HEADERS: "x-all=a,x-key=all",
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-key=traces",
  });
  expect(collector.headers[0]).toMatchObject({ "x-all": "a", "x-key": "traces" });
});

it("OTEL_METRICS_EXPORTER=otlp sends to the address of metrics, each OTEL_METRIC_EXPORT_INTERVAL", async () => {
  collector = await startHttpCollector();
  await output("await new Promise((resolve) => setTimeout(resolve, 1000));", {
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_METRIC_EXPORT_INTERVAL: "100",
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${collector.endpoint}/v1/metrics?tenant=7`,
  });
  expect(collector.requests.length).toBeGreaterThan(1);
  expect(new Set(collector.requests)).toEqual(new Set(["POST /v1/metrics?tenant=7 application/json"]));
});

it("OTEL_METRICS_EXPORTER=prometheus serves where OTEL_EXPORTER_PROMETHEUS_HOST and _PORT say", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, "close");
  const scrape = `
    const end = Date.now() + 20000;
    for (let text; text === undefined && Date.now() < end; await new Promise(setImmediate)) {
      text = await fetch("http://127.0.0.1:${port}/metrics").then((answer) => answer.text(), () => undefined);
      if (text !== undefined) console.log(text);
    }`;
  const environment = {
    OTEL_TRACES_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "prometheus",
    OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
  };
  expect(await output(scrape, environment)).toContain("process_cpu_seconds_total");
});

it("OTEL_LOG_LEVEL lets OpenTelemetry speak, which is silent otherwise", async () => {
  const quiet = { OTEL_TRACES_EXPORTER: "none" };
  expect(await output(SPAN, quiet)).toBe("");
  expect(await output(SPAN, { ...quiet, OTEL_LOG_LEVEL: "debug" })).not.toBe("");
});
