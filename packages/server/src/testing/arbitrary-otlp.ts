import fc from "fast-check";
import type { LogsRequest, TracesRequest } from "./otlp-request.ts";

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
/** Requests of any shape, good and bad. */
export const logsRequests = groups(
  "resourceLogs",
  "scopeLogs",
  "logRecords",
  log,
) as unknown as fc.Arbitrary<LogsRequest>;
export const tracesRequests = groups(
  "resourceSpans",
  "scopeSpans",
  "spans",
  span,
) as unknown as fc.Arbitrary<TracesRequest>;
