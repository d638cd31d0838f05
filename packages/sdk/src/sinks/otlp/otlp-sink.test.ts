import { hostname } from "node:os";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import {
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from "../../../../../test/scripted-server.ts";
import { LEVELS } from "../../logger/level.ts";
import type { LogRecord } from "../../logger/record.ts";
import { createProblems } from "../../problems.ts";
import type { RecordSink } from "../sink.ts";
import { type OtlpSinkOptions, otlpSink } from "./otlp-sink.ts";

let server: ScriptedServer;
let open: RecordSink[] = [];
let told: string[] = [];
afterEach(async () => {
  for (const sink of open) await sink.close?.();
  open = [];
  told = [];
  await server?.stop();
});

async function sinkTo(answers: readonly ScriptedAnswer[] = [], options: OtlpSinkOptions = {}) {
  server = await startScriptedServer(...answers);
  const sink = otlpSink({
    url: `${server.url}/v1/logs`,
    variables: {},
    problems: createProblems((line) => told.push(line)),
    ...options,
  });
  open.push(sink);
  return sink;
}

function record(fields: Partial<LogRecord> = {}): LogRecord {
  return {
    time: 1774607025123.25,
    level: "info",
    logger: "shop.orders",
    message: "paid",
    system: "node",
    metadata: undefined,
    error: undefined,
    context: undefined,
    trace: undefined,
    appId: undefined,
    ...fields,
  };
}

interface Request {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: object }[] };
    readonly scopeLogs: readonly {
      readonly scope: { name: string };
      readonly logRecords: readonly object[];
    }[];
  }[];
}
const requests = () => server.requests.map(({ body }) => body as Request);

/** What one record becomes. */
async function sent(fields: Partial<LogRecord>): Promise<object> {
  const sink = await sinkTo();
  sink.writeRecord(record(fields));
  await sink.flush?.();
  return requests()[0]!.resourceLogs[0]!.scopeLogs[0]!.logRecords[0]!;
}

async function resourceOf(fields: Partial<LogRecord>, options: OtlpSinkOptions) {
  const sink = await sinkTo([], options);
  sink.writeRecord(record(fields));
  await sink.flush?.();
  const { attributes } = requests()[0]!.resourceLogs[0]!.resource;
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

describe("an OTLP sink", () => {
  it("writes a record as OTLP's JSON has it", async () => {
    expect(
      await sent({
        metadata: {
          orderId: 17,
          rate: 0.5,
          express: true,
          note: null,
          tags: ["a", 1],
          user: { name: "Zoë" },
          big: 2n ** 63n,
        },
        trace: { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", traceFlags: 1 },
        context: { runnerClass: "R", runnerId: "r1", workerId: "w1", invocationId: "i1", taskId: "t1" },
      }),
    ).toEqual({
      timeUnixNano: "1774607025123250000",
      observedTimeUnixNano: expect.stringMatching(/^\d{19}$/),
      severityNumber: 9,
      severityText: "INFO",
      body: { stringValue: "paid" },
      attributes: [
        { key: "orderId", value: { intValue: "17" } },
        { key: "rate", value: { doubleValue: 0.5 } },
        { key: "express", value: { boolValue: true } },
        { key: "note", value: {} },
        { key: "tags", value: { arrayValue: { values: [{ stringValue: "a" }, { intValue: "1" }] } } },
        { key: "user", value: { kvlistValue: { values: [{ key: "name", value: { stringValue: "Zoë" } }] } } },
        { key: "big", value: { stringValue: "9223372036854775808" } },
        { key: "runner_class", value: { stringValue: "R" } },
        { key: "runner_id", value: { stringValue: "r1" } },
        { key: "worker_id", value: { stringValue: "w1" } },
        { key: "invocation_id", value: { stringValue: "i1" } },
        { key: "task_id", value: { stringValue: "t1" } },
      ],
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: "00f067aa0ba902b7",
      flags: 1,
    });
  });

  it("numbers severities as the log data model does", async () => {
    const sink = await sinkTo();
    for (const level of LEVELS) sink.writeRecord(record({ level }));
    await sink.flush?.();
    const [scope] = requests()[0]!.resourceLogs[0]!.scopeLogs;
    expect(scope!.logRecords.map((one) => (one as { severityNumber: number }).severityNumber)).toEqual([
      1, 5, 9, 13, 17, 21,
    ]);
  });

  it("knows an error of another realm", async () => {
    const error = runInNewContext('new TypeError("far")') as Error;
    const { attributes } = (await sent({ error })) as { attributes: unknown[] };
    expect(attributes).toContainEqual({ key: "exception.type", value: { stringValue: "TypeError" } });
  });

  it("writes an error as exception attributes, and lets a field of the record's own win", async () => {
    const error = new RangeError("too much", { cause: new Error("deep") });
    expect(await sent({ error, metadata: { "exception.message": "mine" } })).toMatchObject({
      attributes: [
        { key: "exception.message", value: { stringValue: "mine" } },
        { key: "exception.type", value: { stringValue: "RangeError" } },
        {
          key: "exception.stacktrace",
          value: { stringValue: expect.stringMatching(/^RangeError.*Caused by: Error: deep/s) },
        },
      ],
    });
  });

  it.each([
    [Number.NaN, "0"],
    [-1, "0"],
    [0, "0"],
    [1.5, "1500000"],
    [8.64e15, "8640000000000000000000"],
  ])("writes the time %d as %s nanoseconds", async (time, nanoseconds) => {
    expect(await sent({ time })).toMatchObject({ timeUnixNano: nanoseconds });
  });

  it("puts records of one logger and one runtime together", async () => {
    const sink = await sinkTo();
    sink.writeRecord(record({ logger: "a" }));
    sink.writeRecord(record({ logger: "b" }));
    sink.writeRecord(record({ logger: "a" }));
    sink.writeRecord(record({ logger: "a", system: "rust" }));
    await sink.flush?.();
    const groups = requests()[0]!.resourceLogs.map(({ resource, scopeLogs }) => [
      resource.attributes.find(({ key }) => key === "telemetry.sdk.language")?.value,
      ...scopeLogs.map(({ scope, logRecords }) => [scope.name, logRecords.length]),
    ]);
    expect(groups).toEqual([
      [{ stringValue: "nodejs" }, ["a", 2], ["b", 1]],
      [{ stringValue: "rust" }, ["a", 1]],
    ]);
  });

  it.each<[string, Partial<LogRecord>, OtlpSinkOptions, string]>([
    [
      "option",
      { appId: "app" },
      { serviceName: "option", variables: { OTEL_SERVICE_NAME: "variable" } },
      "option",
    ],
    ["OTEL_SERVICE_NAME", { appId: "app" }, { variables: { OTEL_SERVICE_NAME: "variable" } }, "variable"],
    [
      "OTEL_RESOURCE_ATTRIBUTES",
      { appId: "app" },
      { variables: { OTEL_RESOURCE_ATTRIBUTES: "service.name=r" } },
      "r",
    ],
    ["application's name", { appId: "app" }, {}, "app"],
    ["executable", {}, {}, "unknown_service:node"],
  ])("names the service by the %s", async (_name, fields, options, service) => {
    expect(await resourceOf(fields, options)).toMatchObject({
      "service.name": service,
      "host.name": hostname(),
      "process.pid": String(process.pid),
      "telemetry.sdk.name": "polylog",
    });
  });

  it("takes address, headers, resource and compression from the variables, and from options before them", async () => {
    const environment = {
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20abc,x-one=1",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_RESOURCE_ATTRIBUTES: "team=blue,zone=a",
    };
    server = await startScriptedServer();
    const sink = otlpSink({
      variables: { ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: server.url },
      headers: { "x-one": "2" },
      resource: { team: "red" },
    });
    sink.writeRecord(record());
    await sink.close?.();
    expect(server.requests[0]).toMatchObject({
      path: "/v1/logs",
      headers: {
        authorization: "Bearer abc",
        "x-one": "2",
        "content-encoding": "gzip",
        "content-type": "application/json",
      },
    });
    const { attributes } = requests()[0]!.resourceLogs[0]!.resource;
    expect(attributes).toContainEqual({ key: "team", value: { stringValue: "red" } });
    expect(attributes).toContainEqual({ key: "zone", value: { stringValue: "a" } });
  });

  it.each(["3", 3])(
    "counts what the server rejects of a batch (%j), and tells why",
    async (rejectedLogRecords) => {
      const body = JSON.stringify({ partialSuccess: { rejectedLogRecords, errorMessage: "too old" } });
      const sink = await sinkTo([{ status: 200, body }]);
      for (let i = 0; i < 5; i++) sink.writeRecord(record());
      await sink.flush?.();
      expect(sink.dropped).toBe(3);
      expect(told).toEqual([expect.stringContaining("the server rejects some: too old")]);
    },
  );

  it.each([
    "",
    "ok",
    "[]",
    "null",
    '{"partialSuccess":{}}',
    '{"partialSuccess":null}',
    '{"partialSuccess":{"rejectedLogRecords":"x"}}',
  ])("takes an answer of 200 with %j for a yes", async (body) => {
    const sink = await sinkTo([{ status: 200, body }]);
    sink.writeRecord(record());
    await sink.flush?.();
    expect(sink.dropped).toBe(0);
  });

  it.each([
    [429, 2],
    [502, 2],
    [503, 2],
    [504, 2],
    [400, 1],
    [404, 1],
    [408, 1],
    [500, 1],
    [501, 1],
  ])("sends again after %d as the specification says: %d requests", async (status, count) => {
    const sink = await sinkTo([{ status, headers: { "retry-after": "0" } }, { status: 200 }]);
    sink.writeRecord(record());
    await sink.flush?.();
    expect(server.requests).toHaveLength(count);
    expect(sink.dropped).toBe(count === 1 ? 1 : 0);
  });

  it.each([
    ["a header that HTTP can't carry", { headers: { "x-a": "line\nbreak" } }, "POLYLOG_E_CONFIG"],
    ["an address that is none", { url: "collector:4318" }, "POLYLOG_E_ENDPOINT"],
  ])("refuses %s", (_name, options, code) => {
    expect(() => otlpSink({ variables: {}, ...options })).toThrow(expect.objectContaining({ code }));
  });
});
