import { ExportResultCode } from "@opentelemetry/core";
import type { IOtlpExportDelegate } from "@opentelemetry/otlp-exporter-base";
import type * as HttpBase from "@opentelemetry/otlp-exporter-base/node-http";
import type * as GrpcBase from "@opentelemetry/otlp-grpc-exporter-base";
import type { Destination } from "../exporters/destination.ts";
import { grpcConfig, httpConfig } from "../exporters/otlp.ts";
import { load } from "../load.ts";
import type { Parcel } from "./parcel.ts";

/** Milliseconds for all attempts: the parent waits, and a collector that isn't there now won't be there soon. */
const MOST = { timeoutMillis: 2_000 };

/** The transports can measure themselves; nobody would see it here. */
const UNCOUNTED = { name: "span", countItems: () => 0 } as const;

/**
 * The program of the child process that sends the last spans of a process that couldn't wait for it. It reads a
 * {@link Parcel} and sends it by OpenTelemetry's own transport, with the same environment: certificates, headers,
 * compression are as they were. Its exit code says whether the collector took it.
 */
let text = "";
process.stdin.setEncoding("utf8");
for await (const chunk of process.stdin) text += chunk;
const parcel = JSON.parse(text) as Parcel;
delegateFor({ protocol: parcel.protocol, url: parcel.url, headers: parcel.headers }).export(
  Buffer.from(parcel.body, "base64"),
  (result) => process.exit(result.code === ExportResultCode.SUCCESS ? 0 : 1),
);

function delegateFor(destination: Destination): IOtlpExportDelegate<Uint8Array> {
  const encoded = { serializeRequest: (body: Uint8Array) => body, deserializeResponse: () => ({}) };
  if (destination.protocol === "grpc") {
    const { convertLegacyOtlpGrpcOptions, createOtlpGrpcExportDelegate } = load<typeof GrpcBase>(
      "@opentelemetry/otlp-grpc-exporter-base",
    );
    return createOtlpGrpcExportDelegate(
      convertLegacyOtlpGrpcOptions({ ...grpcConfig(destination), ...MOST }, "TRACES"),
      encoded,
      "",
      UNCOUNTED,
      undefined,
      "TraceExportService",
      "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    );
  }
  const { convertLegacyHttpOptions, createOtlpHttpExportDelegate } = load<typeof HttpBase>(
    "@opentelemetry/otlp-exporter-base/node-http",
  );
  const type = destination.protocol === "http/json" ? "application/json" : "application/x-protobuf";
  return createOtlpHttpExportDelegate(
    convertLegacyHttpOptions({ ...httpConfig(destination), ...MOST }, "TRACES", "v1/traces", {
      "Content-Type": type,
    }),
    encoded,
    "",
    UNCOUNTED,
    undefined,
  );
}
