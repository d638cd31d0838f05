import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PolylogError } from "../../errors.ts";
import {
  encodeLogs,
  encodeTraces,
  type LogsRequest,
  type TracesRequest,
} from "../../testing/otlp-request.ts";
import type { Decoded } from "./decoded.ts";
import { decodeJsonLogs } from "./json/logs.ts";
import { countJsonDataPoints } from "./json/metrics.ts";
import { decodeJsonTraces } from "./json/traces.ts";
import { decodeLogs } from "./protobuf/logs.ts";
import { countDataPoints } from "./protobuf/metrics.ts";
import { decodeTraces } from "./protobuf/traces.ts";

const NOW = 1_700_000_000_000_000_000n;
const RUNS = 2_000;

const value = fc.letrec<{ any: object; keyValue: object }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.record({ stringValue: fc.string() }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
    fc.record({
      doubleValue: fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x)),
    }),
    fc.record({ bytesValue: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64")) }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie("any"), { maxLength: 4 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie("keyValue"), { maxLength: 4 }) }) }),
    fc.constant({}),
  ),
  keyValue: fc.record({ key: fc.string(), value: tie("any") }),
}));
const keyValues = fc.array(value.keyValue, { maxLength: 5 });
const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const hex = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("hex"));
const traceId = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const spanId = fc
  .uint8Array({ minLength: 8, maxLength: 8 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const count = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const optional: { requiredKeys: [] } = { requiredKeys: [] };
const resource = fc.record({ attributes: keyValues, droppedAttributesCount: count }, optional);
const scope = fc.record({ name: fc.string(), version: fc.string(), attributes: keyValues }, optional);

const log = fc.record(
  {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: fc.nat(30),
    severityText: fc.string(),
    body: value.any,
    attributes: keyValues,
    droppedAttributesCount: count,
    flags: fc.nat(255),
    traceId: fc.oneof(traceId, hex),
    spanId: fc.oneof(spanId, hex),
    eventName: fc.string(),
  },
  optional,
);
const span = fc.record(
  {
    traceId: fc.oneof(traceId, hex),
    spanId: fc.oneof(spanId, hex),
    parentSpanId: fc.oneof(spanId, hex),
    traceState: fc.string(),
    name: fc.string(),
    kind: fc.nat(9),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes: keyValues,
    events: fc.array(fc.record({ timeUnixNano: time, name: fc.string(), attributes: keyValues }, optional), {
      maxLength: 3,
    }),
    links: fc.array(fc.record({ traceId: hex, spanId: hex, attributes: keyValues }, optional), {
      maxLength: 3,
    }),
    status: fc.record({ code: fc.nat(4), message: fc.string() }, optional),
  },
  optional,
);
const groups = <T>(resources: string, scopes: string, records: string, record: fc.Arbitrary<T>) => {
  const scopeGroup = fc.record({
    scope,
    schemaUrl: fc.string(),
    [records]: fc.array(record, { maxLength: 3 }),
  });
  const group = fc.record({
    resource,
    schemaUrl: fc.string(),
    [scopes]: fc.array(scopeGroup, { maxLength: 2 }),
  });
  return fc.record({ [resources]: fc.array(group, { maxLength: 2 }) });
};
const logsRequests = groups(
  "resourceLogs",
  "scopeLogs",
  "logRecords",
  log,
) as unknown as fc.Arbitrary<LogsRequest>;
const tracesRequests = groups(
  "resourceSpans",
  "scopeSpans",
  "spans",
  span,
) as unknown as fc.Arbitrary<TracesRequest>;

/** What decoding comes to; anything but records or a coded error fails the test. */
function outcomeOf<R>(decode: () => Decoded<R> | number): unknown {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof PolylogError)) throw error;
    return error.code;
  }
}

describe("any bytes", () => {
  const decoders: [string, (bytes: Buffer) => Decoded<unknown> | number][] = [
    ["protobuf logs", (bytes) => decodeLogs(bytes, NOW)],
    ["protobuf traces", (bytes) => decodeTraces(bytes, NOW)],
    ["protobuf metrics", countDataPoints],
    ["JSON logs", (bytes) => decodeJsonLogs(bytes, NOW)],
    ["JSON traces", (bytes) => decodeJsonTraces(bytes, NOW)],
    ["JSON metrics", countJsonDataPoints],
  ];
  it.each(decoders)("become records or a refusal as %s", (_name, decode) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        outcomeOf(() => decode(Buffer.from(bytes)));
      }),
      { numRuns: RUNS },
    );
  });

  it.each(decoders.slice(3))("of JSON of any shape become records or a refusal as %s", (_name, decode) => {
    const names = [
      "resourceLogs",
      "scopeLogs",
      "logRecords",
      "resourceSpans",
      "scopeSpans",
      "spans",
      "attributes",
    ];
    const anything = fc.object({
      key: fc.constantFrom(...names, "body", "key", "value", "timeUnixNano", "traceId"),
    });
    fc.assert(
      fc.property(anything, (request) => {
        outcomeOf(() => decode(Buffer.from(JSON.stringify(request))));
      }),
      { numRuns: RUNS },
    );
  });
});

describe("requests that are damaged", () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
  const damaged = (bytes: Buffer, changes: [number, number][], cut: number): Buffer => {
    for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return bytes.subarray(0, bytes.length - (cut % (bytes.length + 1)));
  };

  it("become records or a refusal as logs", () => {
    const property = fc.property(
      logsRequests,
      edits,
      fc.oneof(fc.constant(0), fc.nat()),
      (request, changes, cut) => {
        outcomeOf(() => decodeLogs(damaged(encodeLogs(request), changes, cut), NOW));
        outcomeOf(() => decodeJsonLogs(damaged(Buffer.from(JSON.stringify(request)), changes, cut), NOW));
      },
    );
    fc.assert(property, { numRuns: RUNS });
  });

  it("become records or a refusal as traces", () => {
    const property = fc.property(
      tracesRequests,
      edits,
      fc.oneof(fc.constant(0), fc.nat()),
      (request, changes, cut) => {
        outcomeOf(() => decodeTraces(damaged(encodeTraces(request), changes, cut), NOW));
        outcomeOf(() => decodeJsonTraces(damaged(Buffer.from(JSON.stringify(request)), changes, cut), NOW));
      },
    );
    fc.assert(property, { numRuns: RUNS });
  });
});

describe("requests that are whole", () => {
  it("come out of protobuf and JSON alike as logs", () => {
    fc.assert(
      fc.property(logsRequests, (request) => {
        const fromJson = outcomeOf(() => decodeJsonLogs(Buffer.from(JSON.stringify(request)), NOW));
        expect(outcomeOf(() => decodeLogs(encodeLogs(request), NOW))).toEqual(fromJson);
      }),
      { numRuns: RUNS },
    );
  });

  it("come out of protobuf and JSON alike as spans", () => {
    fc.assert(
      fc.property(tracesRequests, (request) => {
        const fromJson = outcomeOf(() => decodeJsonTraces(Buffer.from(JSON.stringify(request)), NOW));
        expect(outcomeOf(() => decodeTraces(encodeTraces(request), NOW))).toEqual(fromJson);
      }),
      { numRuns: RUNS },
    );
  });
});
