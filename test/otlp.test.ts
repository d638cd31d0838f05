import { SpanStatusCode, trace } from "@opentelemetry/api";
import { type LogRecord, SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter as GrpcLogs } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPLogExporter as JsonLogs } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtoLogs } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter as GrpcTraces } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonTraces } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtoTraces } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TraceResponse } from "../packages/server/src/contract/index.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** OpenTelemetry's own SDK and exporters against the whole server: what they send is found, in full. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const RECORDS = 1200;

const logExporters = {
  "HTTP, protobuf": () => new ProtoLogs({ url: `${server.address}/v1/logs` }),
  "HTTP, JSON": () => new JsonLogs({ url: `${server.address}/v1/logs` }),
  gRPC: () => new GrpcLogs({ url: `http://${server.grpcAddress}` }),
};
const traceExporters = {
  "HTTP, protobuf": () => new ProtoTraces({ url: `${server.address}/v1/traces` }),
  "HTTP, JSON": () => new JsonTraces({ url: `${server.address}/v1/traces` }),
  gRPC: () => new GrpcTraces({ url: `http://${server.grpcAddress}` }),
};

describe.each(Object.entries(logExporters))("logs over %s", (name, exporter) => {
  it("are all found again, with time, severity, text and fields", async () => {
    const service = `sdk-${name.replace(/\W+/g, "-")}`;
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({ "service.name": service, "host.name": "web-1" }),
      processors: [
        new BatchLogRecordProcessor({ exporter: exporter(), maxExportBatchSize: 400, maxQueueSize: 4000 }),
      ],
    });
    const logger = provider.getLogger("shop.orders", "2.1.0");
    const start = Date.now();
    for (let i = 0; i < RECORDS; i++) {
      const record: LogRecord = {
        timestamp: start + i,
        severityNumber: SeverityNumber.WARN,
        severityText: "WARN",
        body: `order ${i} is late`,
        attributes: { order: i, express: i % 2 === 0, tags: ["a", "b"], "card.kind": "débit" },
      };
      logger.emit(record);
    }
    await provider.shutdown();

    const { rows } = await server.search(`service:${service}`, { limit: "2000", order: "asc" });
    expect(rows.map((row) => row.attributes.order)).toEqual(
      Array.from({ length: RECORDS }, (_, i) => String(i)),
    );
    expect(rows[7]).toMatchObject({
      timestamp: `${new Date(start + 7).toISOString().slice(0, -1)}000000Z`,
      level: "warn",
      severityText: "WARN",
      service,
      logger: "shop.orders",
      host: "web-1",
      body: "order 7 is late",
      receiver: "otlp",
      attributes: { order: "7", express: "false", tags: '["a","b"]', "card.kind": "débit" },
    });
  });
});

describe.each(Object.entries(traceExporters))("traces over %s", (name, exporter) => {
  it("come back as one trace with events, status and attributes", async () => {
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ "service.name": `traced-${name}` }),
      spanProcessors: [new BatchSpanProcessor(exporter())],
    });
    const tracer = provider.getTracer("shop");
    const root = tracer.startSpan("POST /orders", { attributes: { "http.route": "/orders" } });
    const { traceId, spanId } = root.spanContext();
    const { setSpan } = trace;
    const context = setSpan((await import("@opentelemetry/api")).ROOT_CONTEXT, root);
    const child = tracer.startSpan("PUT test.orders", {}, context);
    child.addEvent("retry", { attempt: 2 });
    child.setStatus({ code: SpanStatusCode.ERROR, message: "timed out" });
    child.end();
    root.end();
    await provider.shutdown();

    const response = await fetch(`${server.address}/api/v1/traces/${traceId}`);
    const { spans } = (await response.json()) as TraceResponse;
    expect(spans).toHaveLength(2);
    expect(spans.find((span) => span.spanId === spanId)).toMatchObject({
      name: "POST /orders",
      parentSpanId: "",
      service: `traced-${name}`,
      attributes: { "http.route": "/orders" },
    });
    expect(spans.find((span) => span.parentSpanId === spanId)).toMatchObject({
      name: "PUT test.orders",
      statusCode: "Error",
      statusMessage: "timed out",
      events: [{ name: "retry", attributes: { attempt: "2" } }],
    });
  });
});
