import { describe, expect, it } from "vitest";
import { type OtlpEnvironment, otlpEnvironment, type Variables } from "./environment.ts";

function read(variables: Variables) {
  const told: string[] = [];
  const environment = otlpEnvironment(variables, { tell: (_code, subject) => told.push(subject) });
  return { environment, told };
}

const NOTHING: OtlpEnvironment = {
  url: "http://localhost:4318/v1/logs",
  headers: {},
  isCompressed: undefined,
  timeout: undefined,
  serviceName: undefined,
  resource: {},
  flushInterval: undefined,
  maxQueueSize: undefined,
  maxBatchSize: undefined,
};

describe("OpenTelemetry's variables", () => {
  it.each<[Variables, Partial<OtlpEnvironment>]>([
    [{}, {}],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "https://c:4318" }, { url: "https://c:4318/v1/logs" }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "https://c:4318/base//" }, { url: "https://c:4318/base/v1/logs" }],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "https://c", OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "https://l/own" },
      { url: "https://l/own" },
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: " ", OTEL_SERVICE_NAME: "" }, {}],
    [{ OTEL_EXPORTER_OTLP_HEADERS: "a=1, b = x%20y%2Cz" }, { headers: { a: "1", b: "x y,z" } }],
    [
      { OTEL_EXPORTER_OTLP_HEADERS: "a=1", OTEL_EXPORTER_OTLP_LOGS_HEADERS: "b=dG9r==" },
      { headers: { b: "dG9r==" } },
    ],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" }, { isCompressed: true }],
    [
      { OTEL_EXPORTER_OTLP_COMPRESSION: "gzip", OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: "none" },
      { isCompressed: false },
    ],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "500" }, { timeout: 500 }],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/json" }, {}],
    [
      {
        OTEL_SERVICE_NAME: "checkout",
        OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=staging,team=a%3Db",
      },
      { serviceName: "checkout", resource: { "deployment.environment.name": "staging", team: "a=b" } },
    ],
    [
      {
        OTEL_BLRP_SCHEDULE_DELAY: "200",
        OTEL_BLRP_MAX_QUEUE_SIZE: "10",
        OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: "5",
      },
      { flushInterval: 200, maxQueueSize: 10, maxBatchSize: 5 },
    ],
  ])("%j", (variables, expected) => {
    const { environment, told } = read(variables);
    expect(environment).toEqual({ ...NOTHING, ...expected });
    expect(told).toEqual([]);
  });

  it.each([
    ["OTEL_EXPORTER_OTLP_HEADERS", "nonsense"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "a=%E0%A4%A"],
    ["OTEL_RESOURCE_ATTRIBUTES", "=x"],
    ["OTEL_EXPORTER_OTLP_TIMEOUT", "10s"],
    ["OTEL_EXPORTER_OTLP_TIMEOUT", "0"],
    ["OTEL_BLRP_MAX_QUEUE_SIZE", "-5"],
    ["OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"],
  ])("%s=%s is told and left aside", (name, value) => {
    const { environment, told } = read({ [name]: value });
    expect(told).toEqual([name]);
    expect({ ...environment, isCompressed: undefined }).toEqual(NOTHING);
  });

  it.each(["grpc", "http/protobuf"])("tells that %s isn't spoken", (protocol) => {
    expect(read({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol }).told).toEqual(["OTEL_EXPORTER_OTLP_PROTOCOL"]);
  });

  it("make no field of a name like __proto__ into a prototype", () => {
    const { environment } = read({ OTEL_RESOURCE_ATTRIBUTES: "__proto__=x" });
    expect(Object.getPrototypeOf(environment.resource)).toBe(Object.prototype);
    expect(Object.keys(environment.resource)).toEqual(["__proto__"]);
  });
});
