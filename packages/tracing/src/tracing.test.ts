import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  context,
  createContextKey,
  metrics as metricsApi,
  propagation,
  ROOT_CONTEXT,
  TraceFlags,
  trace as traceApi,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CBaggagePropagator } from "@opentelemetry/core";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace-base";
import { afterEach, describe, expect, it } from "vitest";
import type { Protocol, TracingOptions } from "./options.ts";
import { type Collector, startGrpcCollector, startHttpCollector } from "./testing/collector.ts";
import { keepSpans } from "./testing/kept-spans.ts";
import { createTracing, type Tracing } from "./tracing.ts";

const closing: (() => Promise<unknown>)[] = [];
let told: string[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  traceApi.disable();
  told = [];
});

/** The one tracing of a process, with an environment of its own; options as given. */
function tracingIn(environment: Record<string, string> = {}): Tracing {
  const before = { ...process.env };
  // OpenTelemetry's own packages read the process' environment.
  Object.assign(process.env, environment);
  const tracing = createTracing({ environment, tell: (code, message) => told.push(`${code} ${message}`) });
  closing.push(async () => {
    await tracing.shutdown();
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
  return tracing;
}

async function collector(start: () => Promise<Collector>): Promise<Collector> {
  const started = await start();
  closing.push(() => started.close());
  return started;
}

const plain = { instrumentations: false } satisfies TracingOptions;
const makeSpan = (tracing: Tracing, name = "work") => tracing.tracer().startSpan(name).end();

describe("spans arrive", () => {
  it.each<[Protocol, () => Promise<Collector>, string]>([
    ["grpc", startGrpcCollector, "TraceService"],
    ["http/protobuf", startHttpCollector, "POST /v1/traces application/x-protobuf"],
    ["http/json", startHttpCollector, "POST /v1/traces application/json"],
  ])("over %s, by code and by environment", async (protocol, start, request) => {
    const { endpoint, spans, requests, headers } = await collector(start);
    const byCode = tracingIn();
    byCode.init({ ...plain, protocol, endpoint, serviceName: "shop", headers: { "x-key": "a" } });
    makeSpan(byCode, "by code");
    await byCode.shutdown();
    const byEnvironment = tracingIn({
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: "x-key=a",
      OTEL_SERVICE_NAME: "shop",
      OTEL_RESOURCE_ATTRIBUTES: "team=billing",
    });
    byEnvironment.init(plain);
    makeSpan(byEnvironment, "by environment");
    await byEnvironment.shutdown();
    expect(spans.map((span) => span.name)).toEqual(["by code", "by environment"]);
    expect(requests).toEqual([request, request]);
    expect(headers.map((each) => each["x-key"])).toEqual(["a", "a"]);
    expect(JSON.stringify(spans[1]?.resource, bigints)).toContain("billing");
    for (const span of spans) expect(JSON.stringify(span.resource, bigints)).toContain("shop");
    expect(told).toEqual([]);
  });

  it("compressed, to the address of traces, when the environment says so", async () => {
    const { endpoint, spans, headers } = await collector(startHttpCollector);
    const tracing = tracingIn({
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces?tenant=7`,
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    });
    tracing.init(plain);
    makeSpan(tracing);
    await tracing.shutdown();
    expect(spans).toHaveLength(1);
    expect(headers[0]?.["content-encoding"]).toBe("gzip");
  });
});

describe("a burst of spans in one turn", () => {
  it.each<[string, () => Promise<Collector>]>([
    ["grpc", startGrpcCollector],
    ["http/protobuf", startHttpCollector],
  ])("arrives as a whole over %s, though it is larger than the queue", async (protocol, start) => {
    const { endpoint, spans } = await collector(start);
    const tracing = tracingIn({
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    });
    tracing.init(plain);
    for (let i = 0; i < 5_000; i++) makeSpan(tracing);
    await tracing.shutdown();
    expect(new Set(spans.map((span) => span.spanId)).size).toBe(5_000);
    expect([tracing.droppedSpanCount(), told]).toEqual([0, []]);
  });

  it("reaches an exporter of one's own, which is called when it has answered", async () => {
    const exporter = keepSpans();
    const tracing = tracingIn();
    tracing.init({ ...plain, exporter });
    for (let i = 0; i < 5_000; i++) makeSpan(tracing);
    await tracing.shutdown();
    expect(exporter.spans).toHaveLength(5_000);
  });
});

describe("no span gets lost in silence", () => {
  it("with a collector that never answers: what finds no room, and what shutdownTracing can't deliver", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    closing.push(async () => {
      silent.closeAllConnections();
      silent.close();
    });
    const { port } = silent.address() as AddressInfo;
    const tracing = tracingIn({ OTEL_BSP_MAX_QUEUE_SIZE: "600" });
    tracing.init({ ...plain, protocol: "http/json", endpoint: `http://127.0.0.1:${port}` });
    for (let i = 0; i < 15_000; i++) makeSpan(tracing);
    const withoutRoom = tracing.droppedSpanCount();
    expect(withoutRoom).toBeGreaterThan(0);
    expect(told).toEqual([expect.stringMatching(/faster than the collector at .*, and 600 wait already/)]);
    await tracing.shutdown();
    expect(tracing.droppedSpanCount()).toBe(15_000);
    expect(told[1]).toMatch(`${15_000 - withoutRoom} spans were lost by shutdownTracing()`);
    expect(told).toHaveLength(2);
  });

  it("with a collector over HTTP that is away: those that shutdownTracing can't deliver", async () => {
    const { endpoint, close } = await startHttpCollector();
    await close();
    const tracing = tracingIn();
    tracing.init({ ...plain, protocol: "http/protobuf", endpoint });
    for (let i = 0; i < 7; i++) makeSpan(tracing);
    await tracing.shutdown();
    expect(tracing.droppedSpanCount()).toBe(7);
    expect(told).toEqual([
      expect.stringMatching(
        /^POLYLOG_E_COLLECTOR 7 spans were lost by shutdownTracing\(\): the collector at/,
      ),
    ]);
  });

  it("with an exporter of one's own that fails", async () => {
    const tracing = tracingIn();
    const exporter: SpanExporter = {
      export: (_spans, done) => done({ code: 1, error: new Error("disk full") }),
      shutdown: async () => {},
    };
    tracing.init({ ...plain, exporter });
    for (let i = 0; i < 7; i++) makeSpan(tracing);
    await tracing.shutdown();
    expect(tracing.droppedSpanCount()).toBe(7);
    expect(told).toEqual([expect.stringContaining("the exporter doesn't take spans: disk full")]);
  });
});

describe("initTracing and shutdownTracing", () => {
  it("may be called again and together: one set-up, one shutdown, all spans", async () => {
    const exporter = keepSpans();
    const tracing = tracingIn();
    for (let i = 0; i < 3; i++) tracing.init(i === 0 ? { ...plain, exporter } : undefined);
    makeSpan(tracing);
    await Promise.all([tracing.shutdown(), tracing.shutdown(), tracing.shutdown()]);
    await tracing.shutdown();
    expect(exporter.spans).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it("say when options come too late", () => {
    const tracing = tracingIn();
    tracing.init({ ...plain, exporter: "none" });
    tracing.init({ serviceName: "late" });
    expect(told).toEqual([expect.stringMatching(/^POLYLOG_E_TRACING_CONFIG .*shutdownTracing\(\) first/)]);
  });

  it("start anew after the end, even while that is under way", async () => {
    const [first, second] = [keepSpans(), keepSpans()];
    const tracing = tracingIn();
    tracing.init({ ...plain, exporter: first });
    makeSpan(tracing, "first");
    const ending = tracing.shutdown();
    tracing.init({ ...plain, exporter: second });
    makeSpan(tracing, "second");
    await ending;
    await tracing.shutdown();
    expect(first.spans.map((span) => span.name)).toEqual(["first"]);
    expect(second.spans.map((span) => span.name)).toEqual(["second"]);
  });

  it("tell of options that can't be used, and do nothing", () => {
    const tracing = tracingIn();
    tracing.init({ ...plain, protocol: "http/json", endpoint: "not a url" });
    expect(told).toEqual([
      expect.stringMatching(/^POLYLOG_E_TRACING_CONFIG initTracing\(\) did nothing.*not a url/),
    ]);
    tracing.init({ ...plain, exporter: "none" });
    expect(tracing.tracer().startSpan("work").isRecording()).toBe(true);
  });

  it("leave another's tracer provider in its place", () => {
    const other = new BasicTracerProvider();
    traceApi.setGlobalTracerProvider(other);
    const tracing = tracingIn();
    tracing.init({ ...plain, exporter: "none" });
    expect(told).toEqual([expect.stringMatching(/^POLYLOG_E_TRACING_OTHER /)]);
    expect(traceApi.getTracer("x")).toBe(other.getTracer("x"));
  });

  it("leave what another registered of the rest, at the end as well", async () => {
    const manager = new AsyncLocalStorageContextManager().enable();
    const propagator = new W3CBaggagePropagator();
    const meters = new MeterProvider();
    context.setGlobalContextManager(manager);
    propagation.setGlobalPropagator(propagator);
    metricsApi.setGlobalMeterProvider(meters);
    closing.push(async () => {
      for (const api of [context, propagation, metricsApi]) api.disable();
    });
    const tracing = tracingIn();
    tracing.init({ ...plain, exporter: "none" });
    await tracing.shutdown();
    const key = createContextKey("x");
    const active = context.with(ROOT_CONTEXT.setValue(key, 1), () => context.active().getValue(key));
    expect([active, propagation.fields()]).toEqual([1, propagator.fields()]);
    expect(metricsApi.getMeterProvider()).toBe(meters);
  });
});

describe("the environment", () => {
  it("OTEL_SDK_DISABLED leaves propagators and nothing else, up to shutdownTracing", async () => {
    const tracing = tracingIn({ OTEL_SDK_DISABLED: "true" });
    tracing.init({ ...plain, exporter: keepSpans() });
    expect(tracing.tracer().startSpan("x").isRecording()).toBe(false);
    expect(propagation.fields()).toContain("traceparent");
    await tracing.shutdown();
    expect(propagation.fields()).toEqual([]);
  });

  it("OTEL_SDK_DISABLED sends no metrics, though startMetricsServer serves them", async () => {
    const { endpoint, requests } = await collector(startHttpCollector);
    const tracing = tracingIn({
      OTEL_SDK_DISABLED: "true",
      OTEL_METRICS_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    });
    tracing.init(plain);
    const { url } = await tracing.startMetricsServer(0, "127.0.0.1");
    expect(await (await fetch(url)).text()).toContain("process_cpu_seconds_total");
    await tracing.shutdown();
    expect(requests).toEqual([]);
  });

  it("what OTEL_TRACES_EXPORTER and OTEL_PROPAGATORS get wrong leaves the defaults", async () => {
    const { endpoint, spans } = await collector(startHttpCollector);
    const tracing = tracingIn({
      OTEL_TRACES_EXPORTER: "jaeger",
      OTEL_PROPAGATORS: "carrier-pigeon",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    });
    tracing.init(plain);
    expect(propagation.fields()).toContain("traceparent");
    makeSpan(tracing);
    await tracing.shutdown();
    expect(spans).toHaveLength(1);
  });

  it("OTEL_TRACES_EXPORTER=none makes spans and sends none", async () => {
    const { endpoint, requests } = await collector(startHttpCollector);
    const tracing = tracingIn({ OTEL_TRACES_EXPORTER: "none", OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    tracing.init(plain);
    const span = tracing.tracer().startSpan("x");
    expect(span.isRecording()).toBe(true);
    expect(span.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
    span.end();
    await tracing.shutdown();
    expect(requests).toEqual([]);
  });

  it.each([
    ["always_on", undefined, 20],
    ["always_off", undefined, 0],
    ["traceidratio", "0", 0],
    ["traceidratio", "1", 20],
    ["parentbased_always_on", undefined, 20],
    ["parentbased_traceidratio", "0", 0],
    ["parentbased_traceidratio", "1", 20],
  ])("OTEL_TRACES_SAMPLER=%s with argument %s keeps %d spans of 20", async (sampler, argument, kept) => {
    const exporter = keepSpans();
    const tracing = tracingIn({
      OTEL_TRACES_SAMPLER: sampler,
      ...(argument === undefined ? {} : { OTEL_TRACES_SAMPLER_ARG: argument }),
    });
    tracing.init({ ...plain, exporter });
    for (let i = 0; i < 20; i++) makeSpan(tracing);
    await tracing.shutdown();
    expect(exporter.spans).toHaveLength(kept);
  });

  it.each([
    ["parentbased_traceidratio", "0", TraceFlags.SAMPLED, 1],
    ["parentbased_traceidratio", "1", TraceFlags.NONE, 0],
    ["traceidratio", "0", TraceFlags.SAMPLED, 0],
    ["always_on", "", TraceFlags.NONE, 1],
  ])(
    "OTEL_TRACES_SAMPLER=%s, argument %s, parent with flags %d: %d spans",
    async (sampler, argument, traceFlags, kept) => {
      const exporter = keepSpans();
      const tracing = tracingIn({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument });
      tracing.init({ ...plain, exporter });
      const parent = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags };
      tracing.tracer().startSpan("work", {}, traceApi.setSpanContext(ROOT_CONTEXT, parent)).end();
      await tracing.shutdown();
      expect(exporter.spans).toHaveLength(kept);
    },
  );

  it.each([
    [{ OTEL_TRACES_SAMPLER: "sometimes" }, /sometimes/],
    [
      { OTEL_TRACES_EXPORTER: "jaeger" },
      /OTEL_TRACES_EXPORTER: jaeger was left out: expected otlp, console, none/,
    ],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: "http" }, /OTEL_EXPORTER_OTLP_PROTOCOL: http was left out/],
    [{ OTEL_PROPAGATORS: "tracecontext,carrier-pigeon" }, /OTEL_PROPAGATORS: carrier-pigeon was left out/],
  ])("what %o gets wrong is told", (environment, message) => {
    const tracing = tracingIn(environment as Record<string, string>);
    tracing.init(plain);
    expect(told).toEqual([expect.stringMatching(message)]);
  });

  it("propagates by W3C Trace Context and Baggage unless OTEL_PROPAGATORS says otherwise", async () => {
    const fields = async (environment: Record<string, string>) => {
      const tracing = tracingIn(environment);
      tracing.init({ ...plain, exporter: "none" });
      const found = propagation.fields();
      await tracing.shutdown();
      return found;
    };
    expect(await fields({})).toEqual(["traceparent", "tracestate", "baggage"]);
    expect(await fields({ OTEL_PROPAGATORS: "b3" })).toEqual(["b3"]);
    expect(await fields({ OTEL_PROPAGATORS: "jaeger, b3multi" })).toContain("uber-trace-id");
    expect(await fields({ OTEL_PROPAGATORS: "none" })).toEqual([]);
  });
});

describe("graceful degradation", () => {
  it.each<[Protocol, (port?: number) => Promise<Collector>]>([
    ["grpc", startGrpcCollector],
    ["http/protobuf", startHttpCollector],
    ["http/json", startHttpCollector],
  ])(
    "a collector over %s that is away is told once, and found again when it is back",
    async (protocol, start) => {
      const first = await start();
      const port = Number(new URL(first.endpoint).port);
      await first.close();
      const tracing = tracingIn({
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_ENDPOINT: first.endpoint,
        OTEL_EXPORTER_OTLP_TIMEOUT: "300",
        OTEL_BSP_SCHEDULE_DELAY: "20",
      });
      tracing.init(plain);
      for (let lost = 1; lost <= 3; lost++) {
        makeSpan(tracing, "lost");
        await expect.poll(() => tracing.droppedSpanCount(), { timeout: 10_000 }).toBe(lost);
      }
      expect(told).toEqual([expect.stringMatching(new RegExp(`^POLYLOG_E_COLLECTOR .*127.0.0.1:${port}`))]);

      const second = await collector(() => start(port));
      const arrived = async () => {
        makeSpan(tracing, "found");
        await expect.poll(() => second.spans.length, { timeout: 1_000 }).toBeGreaterThan(0);
      };
      // gRPC takes a moment until it tries to connect again.
      await expect
        .poll(
          () =>
            arrived().then(
              () => true,
              () => false,
            ),
          { timeout: 30_000 },
        )
        .toBe(true);
      expect(second.spans.every((span) => span.name === "found")).toBe(true);
      await expect.poll(() => told.length).toBe(2);
      expect(told[1]).toMatch(/takes spans again; \d+ were lost$/);
    },
  );

  it("without initTracing spans are no-ops, and nothing is propagated", () => {
    const tracing = tracingIn();
    const span = tracing.tracer().startSpan("x");
    expect(span.isRecording()).toBe(false);
    const carrier = {};
    propagation.inject(traceApi.setSpan(context.active(), span), carrier);
    expect(carrier).toEqual({});
  });
});

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
