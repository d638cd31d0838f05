import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type Collector,
  type CollectorTls,
  startGrpcCollector,
  startHttpCollector,
} from "../packages/tracing/src/testing/collector.ts";
import { type Certificate, makeCertificate } from "./receivers/certificate.ts";
import { endPrograms, runTraced } from "./tracing-program.ts";

/** Collectors that have a certificate, and ask their clients for one; all of it by OpenTelemetry's variables. */

let certificate: Certificate;
let tls: CollectorTls;
let collector: Collector;

beforeAll(async () => {
  certificate = await makeCertificate();
  tls = { cert: certificate.cert, key: await readFile(certificate.keyFile, "utf8") };
});
afterAll(() => certificate.remove());
afterEach(async () => {
  endPrograms();
  await collector.close();
});

const PROGRAM = 'import { trace } from "@polylog/tracing"; trace("work", () => {});';
const FLAGS = ["--import", "@polylog/tracing/register", "--input-type=module"];

/** What the program says, after it ended well. */
async function output(environment: Record<string, string>, code = PROGRAM): Promise<string> {
  const program = runTraced(code, { OTEL_METRICS_EXPORTER: "none", ...environment }, FLAGS);
  expect(await program.ended, program.output()).toEqual({ code: 0, signal: null });
  return program.output();
}

/** @param prefix as in the variables: for all signals, or for one */
const certificates = (prefix = "") => ({
  [`OTEL_EXPORTER_OTLP_${prefix}CERTIFICATE`]: certificate.certFile,
  [`OTEL_EXPORTER_OTLP_${prefix}CLIENT_CERTIFICATE`]: certificate.certFile,
  [`OTEL_EXPORTER_OTLP_${prefix}CLIENT_KEY`]: certificate.keyFile,
});

/** The name in the certificate: Node doesn't send an address as the name of a server. */
const named = (endpoint: string) => endpoint.replace("127.0.0.1", "localhost");

const names = () => collector.spans.map((span) => span.name);

describe.each([
  ["grpc", startGrpcCollector],
  ["http/protobuf", startHttpCollector],
  ["http/json", startHttpCollector],
] as const)("over %s and TLS", (protocol, start) => {
  const sendTo = (endpoint: string) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: named(endpoint),
  });

  it("spans reach a collector whose certificate is trusted, and that trusts ours", async () => {
    collector = await start(0, tls);
    expect(await output({ ...sendTo(collector.endpoint), ...certificates() })).toBe("");
    expect(await output({ ...sendTo(collector.endpoint), ...certificates("TRACES_") })).toBe("");
    expect(names()).toEqual(["work", "work"]);
  });

  it("what is left at process.exit does so too", async () => {
    collector = await start(0, tls);
    await output({ ...sendTo(collector.endpoint), ...certificates() }, `${PROGRAM} process.exit(0);`);
    expect(names()).toEqual(["work"]);
  });

  it("a collector whose certificate nobody vouches for gets nothing, and that is told", async () => {
    collector = await start(0, tls);
    expect(await output({ ...sendTo(collector.endpoint), OTEL_EXPORTER_OTLP_TIMEOUT: "1000" })).toMatch(
      /the collector at https:\/\/localhost:\d+ doesn't take spans: .*POLYLOG_E_COLLECTOR/,
    );
    expect(names()).toEqual([]);
  });
});

describe("an endpoint of gRPC without a scheme", () => {
  const sendTo = (endpoint: string) => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_EXPORTER_OTLP_ENDPOINT: named(endpoint).replace(/^https?:\/\//, ""),
  });

  it("is asked over TLS", async () => {
    collector = await startGrpcCollector(0, tls);
    expect(await output({ ...sendTo(collector.endpoint), ...certificates() })).toBe("");
    expect(names()).toEqual(["work"]);
  });

  it("is asked without it when OTEL_EXPORTER_OTLP_INSECURE says so", async () => {
    collector = await startGrpcCollector();
    expect(await output({ ...sendTo(collector.endpoint), OTEL_EXPORTER_OTLP_INSECURE: "true" })).toBe("");
    expect(names()).toEqual(["work"]);
  });
});
