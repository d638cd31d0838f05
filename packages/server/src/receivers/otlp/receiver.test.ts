import type { AddressInfo } from "node:net";
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter as GrpcLogExporter } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPLogExporter as JsonLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtoLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter as GrpcTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtoTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type LogRecordExporter,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import fastify from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PolylogError } from "../../errors.ts";
import {
  type CapturingIntake,
  type Counts,
  capturingIntake,
  receiverContext,
} from "../../testing/capturing-intake.ts";
import { startOtlpGrpc } from "./grpc.ts";
import { registerOtlpHttp } from "./http.ts";

const RESOURCE = resourceFromAttributes({
  "service.name": "checkout",
  "host.name": "web-1",
  "telemetry.sdk.language": "nodejs",
});
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";
const GZIP = "gzip" as NonNullable<ConstructorParameters<typeof ProtoLogExporter>[0]>["compression"] & string;

/** Records as the SDK makes them, to be sent through any exporter. */
async function logRecords(): Promise<ReadableLogRecord[]> {
  const memory = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource: RESOURCE,
    processors: [new SimpleLogRecordProcessor({ exporter: memory })],
  });
  const logger = provider.getLogger("payments", "1.2.3", { schemaUrl: "https://example.com/schema" });
  const spanContext = { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: TraceFlags.SAMPLED };
  logger.emit({
    timestamp: [1_700_000_001, 123_456_789],
    observedTimestamp: [1_700_000_002, 1],
    severityNumber: SeverityNumber.WARN,
    severityText: "WARNING",
    eventName: "card.declined",
    body: "card declined",
    context: trace.setSpanContext(ROOT_CONTEXT, spanContext),
    attributes: {
      text: "zwölf €",
      yes: true,
      whole: 42,
      below: -7,
      half: 0.5,
      list: ["a", "b"],
      mixed: [1, "two", null, { three: 3 }],
      bytes: new Uint8Array([1, 2, 255]),
      map: { inner: { deep: "value" }, n: 1 },
    },
  });
  logger.emit({ body: { message: "structured", n: 2 }, severityNumber: SeverityNumber.INFO });
  return memory.getFinishedLogRecords();
}

async function spans(): Promise<ReadableSpan[]> {
  const memory = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: RESOURCE,
    spanProcessors: [new SimpleSpanProcessor(memory)],
  });
  const tracer = provider.getTracer("payments", "1.2.3");
  const parent = { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  const span = tracer.startSpan(
    "POST /pay",
    {
      kind: SpanKind.SERVER,
      startTime: [1_700_000_000, 5],
      attributes: { "http.request.method": "POST", tries: 3, ids: [1, 2] },
      links: [{ context: { ...parent, spanId: "00f067aa0ba902b7" }, attributes: { why: "retry" } }],
    },
    trace.setSpanContext(ROOT_CONTEXT, parent),
  );
  span.addEvent("exception", { "exception.type": "CardError" }, [1_700_000_000, 100]);
  span.setStatus({ code: SpanStatusCode.ERROR, message: "declined" });
  span.end([1_700_000_001, 0]);
  return memory.getFinishedSpans();
}

interface Endpoints {
  readonly http: string;
  readonly grpc: string;
}

const LOG_EXPORTERS: [string, (to: Endpoints) => LogRecordExporter][] = [
  ["http/protobuf", ({ http }) => new ProtoLogExporter({ url: `${http}/v1/logs` })],
  ["http/protobuf, gzip", ({ http }) => new ProtoLogExporter({ url: `${http}/v1/logs`, compression: GZIP })],
  ["http/json", ({ http }) => new JsonLogExporter({ url: `${http}/v1/logs` })],
  ["http/json, gzip", ({ http }) => new JsonLogExporter({ url: `${http}/v1/logs`, compression: GZIP })],
  ["grpc", ({ grpc }) => new GrpcLogExporter({ url: grpc })],
  ["grpc, gzip", ({ grpc }) => new GrpcLogExporter({ url: grpc, compression: GZIP })],
];

const TRACE_EXPORTERS: [string, (to: Endpoints) => SpanExporter][] = [
  ["http/protobuf", ({ http }) => new ProtoTraceExporter({ url: `${http}/v1/traces` })],
  [
    "http/protobuf, gzip",
    ({ http }) => new ProtoTraceExporter({ url: `${http}/v1/traces`, compression: GZIP }),
  ],
  ["http/json", ({ http }) => new JsonTraceExporter({ url: `${http}/v1/traces` })],
  ["grpc", ({ grpc }) => new GrpcTraceExporter({ url: grpc })],
  ["grpc, gzip", ({ grpc }) => new GrpcTraceExporter({ url: grpc, compression: GZIP })],
];

/** Exports and resolves with the error that the SDK reports, if any. */
function exported<T>(
  exporter: {
    export(items: T[], done: (result: { error?: Error }) => void): void;
    shutdown(): Promise<void>;
  },
  items: T[],
): Promise<Error | undefined> {
  return new Promise<Error | undefined>((resolve) => {
    exporter.export(items, (result) => resolve(result.error));
  }).finally(() => exporter.shutdown());
}

describe("OTLP from OpenTelemetry's own exporters", () => {
  let intake: CapturingIntake;
  let counts: Counts;
  let to: Endpoints;
  let stop: () => Promise<void>;

  beforeEach(async () => {
    intake = capturingIntake();
    counts = {};
    const context = receiverContext(intake, { counts });
    const app = fastify();
    registerOtlpHttp(app, context);
    await app.listen({ port: 0, host: "127.0.0.1" });
    const grpc = await startOtlpGrpc(context, { host: "127.0.0.1", port: 0 });
    const { port } = app.server.address() as AddressInfo;
    to = { http: `http://127.0.0.1:${port}`, grpc: `http://127.0.0.1:${grpc.port}` };
    stop = async () => {
      await Promise.all([app.close(), grpc.stop()]);
    };
  });
  afterEach(() => stop());

  it.each(LOG_EXPORTERS)("keeps logs whole over %s", async (_name, make) => {
    expect(await exported(make(to), await logRecords())).toBeUndefined();
    expect(intake.logs).toHaveLength(2);
    const [declined, structured] = intake.logs;
    expect(declined).toMatchObject({
      timestamp: 1_700_000_001_123_456_789n,
      observedTimestamp: 1_700_000_002_000_000_001n,
      severityNumber: 13,
      severityText: "WARNING",
      body: "card declined",
      eventName: "card.declined",
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      traceFlags: 1,
      resource: { serviceName: "checkout", host: "web-1", runtime: "node" },
      scope: { name: "payments", version: "1.2.3", schemaUrl: "https://example.com/schema" },
    });
    expect(pairs(declined!.attributes)).toEqual({
      text: "zwölf €",
      yes: "true",
      whole: "42",
      below: "-7",
      half: "0.5",
      list: '["a","b"]',
      mixed: '[1,"two",null,{"three":3}]',
      bytes: "AQL/",
      "map.inner.deep": "value",
      "map.n": "1",
    });
    expect(pairs(declined!.resource.attributes)).toMatchObject({ "service.name": "checkout" });
    expect(structured).toMatchObject({
      body: '{"message":"structured","n":2}',
      severityText: "INFO",
      traceId: "",
      attributes: [],
    });
    expect(structured!.resource).toBe(declined!.resource);
    expect(counts).toEqual({ accepted: 2 });
  });

  it.each(TRACE_EXPORTERS)("keeps spans whole over %s", async (_name, make) => {
    expect(await exported(make(to), await spans())).toBeUndefined();
    expect(intake.spans).toHaveLength(1);
    const [span] = intake.spans;
    expect(span).toMatchObject({
      timestamp: 1_700_000_000_000_000_005n,
      endTimestamp: 1_700_000_001_000_000_000n,
      traceId: TRACE_ID,
      parentSpanId: SPAN_ID,
      name: "POST /pay",
      kind: "Server",
      statusCode: "Error",
      statusMessage: "declined",
      resource: { serviceName: "checkout", host: "web-1", runtime: "node" },
      scope: { name: "payments", version: "1.2.3" },
      events: [
        {
          timestamp: 1_700_000_000_000_000_100n,
          name: "exception",
          attributes: ["exception.type", "CardError"],
        },
      ],
      links: [{ traceId: TRACE_ID, spanId: "00f067aa0ba902b7", attributes: ["why", "retry"] }],
    });
    expect(span!.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(pairs(span!.attributes)).toEqual({ "http.request.method": "POST", tries: "3", ids: "[1,2]" });
  });

  const overHttp = LOG_EXPORTERS.filter(([name]) => name.startsWith("http"));
  const passing = [
    new PolylogError("POLYLOG_E_INTAKE_FULL", "Full", { retryAfterSeconds: 0.1 }),
    new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "Away", { retryAfterSeconds: 0.1 }),
  ];
  it.each(overHttp)("has the exporter try again what it could not take: %s", async (_name, make) => {
    intake.refuseNext(...passing);
    expect(await exported(make(to), await logRecords())).toBeUndefined();
    expect(intake.logs).toHaveLength(2);
    expect(counts).toEqual({ "rejected full": 2, "rejected store_unavailable": 2, accepted: 2 });
  });

  it.each(LOG_EXPORTERS)("tells the exporter what it will never take: %s", async (_name, make) => {
    intake.refuseNext(new Error("a fault of ours"));
    expect(await exported(make(to), await logRecords())).toBeInstanceOf(Error);
    expect(intake.logs).toHaveLength(0);
    expect(counts).toEqual({ "rejected internal": 2 });
  });
});

function pairs(attributes: readonly string[]): Record<string, string> {
  const entries = attributes.flatMap((key, i) => (i % 2 === 0 ? [[key, attributes[i + 1]!]] : []));
  return Object.fromEntries(entries);
}
