import type { Decoded } from "../../../packages/server/src/receivers/otlp/decoded.ts";
import { decodeJsonLogs } from "../../../packages/server/src/receivers/otlp/json/logs.ts";
import { countJsonDataPoints } from "../../../packages/server/src/receivers/otlp/json/metrics.ts";
import { decodeJsonTraces } from "../../../packages/server/src/receivers/otlp/json/traces.ts";
import { decodeLogs } from "../../../packages/server/src/receivers/otlp/protobuf/logs.ts";
import { countDataPoints } from "../../../packages/server/src/receivers/otlp/protobuf/metrics.ts";
import { decodeTraces } from "../../../packages/server/src/receivers/otlp/protobuf/traces.ts";
import { lengthField } from "../../../packages/server/src/receivers/otlp/protobuf/writer.ts";
import type { LogRecord, SpanRecord } from "../../../packages/server/src/record/record.ts";
import {
  encodeLogs,
  encodeTraces,
  type LogsRequest,
  type TracesRequest,
} from "../../../packages/server/src/testing/otlp-request.ts";
import { checkRecords, orRefusal } from "../check.ts";
import { NOW } from "../now.ts";
import type { Target } from "../target.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";
const RESOURCE = {
  attributes: [
    { key: "service.name", value: { stringValue: "shop" } },
    { key: "host.name", value: { stringValue: "web-1" } },
    { key: "telemetry.sdk.language", value: { stringValue: "nodejs" } },
  ],
};
const ATTRIBUTES = [
  { key: "ok", value: { boolValue: true } },
  { key: "count", value: { intValue: "-42" } },
  { key: "ratio", value: { doubleValue: 0.5 } },
  { key: "raw", value: { bytesValue: "AAECAw==" } },
  { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { intValue: "7" }] } } },
  { key: "map", value: { kvlistValue: { values: [{ key: "in", value: { stringValue: "side" } }] } } },
];
const LOGS: LogsRequest = {
  resourceLogs: [
    {
      resource: RESOURCE,
      scopeLogs: [
        {
          scope: { name: "cart", version: "1.2", attributes: [] },
          logRecords: [
            {
              timeUnixNano: "1795257667123456789",
              observedTimeUnixNano: "1795257667123456999",
              severityNumber: 13,
              severityText: "WARN",
              body: { stringValue: "Card declined: é 💥" },
              attributes: ATTRIBUTES,
              flags: 1,
              traceId: TRACE,
              spanId: SPAN,
              eventName: "card.declined",
            },
            { body: { kvlistValue: { values: [{ key: "a", value: { intValue: "1" } }] } } },
          ],
        },
      ],
    },
  ],
};
const TRACES: TracesRequest = {
  resourceSpans: [
    {
      resource: RESOURCE,
      scopeSpans: [
        {
          scope: { name: "http", version: "", attributes: [] },
          spans: [
            {
              traceId: TRACE,
              spanId: SPAN,
              parentSpanId: "5b4185666d50f68b",
              traceState: "a=b",
              name: "GET /",
              kind: 2,
              startTimeUnixNano: "1795257667123456789",
              endTimeUnixNano: "1795257667223456789",
              attributes: ATTRIBUTES,
              events: [
                { timeUnixNano: "1795257667123456789", name: "sent", attributes: ATTRIBUTES.slice(0, 1) },
              ],
              links: [{ traceId: TRACE, spanId: SPAN, traceState: "", attributes: [] }],
              status: { code: 2, message: "failed" },
            },
          ],
        },
      ],
    },
  ],
};
const METRICS = {
  resourceMetrics: [
    {
      scopeMetrics: [
        {
          metrics: [
            { name: "up", gauge: { dataPoints: [{ asInt: "1" }, { asDouble: 2 }] }, sum: { dataPoints: [] } },
          ],
        },
      ],
    },
  ],
};
const POINTS = lengthField(1, lengthField(1, Buffer.from("point")));

const WORDS = [
  ...Object.keys(LOGS.resourceLogs[0]!),
  ...Object.keys(LOGS.resourceLogs[0]!.scopeLogs[0]!.logRecords[0]!),
  ...Object.keys(TRACES.resourceSpans[0]!.scopeSpans[0]!.spans[0]!),
  ..."stringValue boolValue intValue doubleValue bytesValue arrayValue kvlistValue values key value".split(
    " ",
  ),
  ..."resourceMetrics scopeMetrics metrics gauge sum histogram exponentialHistogram summary dataPoints".split(
    " ",
  ),
  "SEVERITY_NUMBER_WARN",
  "SPAN_KIND_SERVER",
  "NaN",
  "-Infinity",
].map((word) => `"${word}"`);

function decoder(
  name: string,
  seeds: Target["seeds"],
  decode: (bytes: Buffer, now: bigint) => Decoded<LogRecord | SpanRecord>,
  words: readonly string[] = [],
): Target {
  return {
    name,
    seeds,
    words,
    decode(input) {
      checkRecords(orRefusal(() => decode(input, NOW))?.records ?? []);
    },
  };
}

function counter(name: string, seeds: Target["seeds"], count: (bytes: Buffer) => number): Target {
  return {
    name,
    seeds,
    words: name.endsWith("json") ? WORDS : [],
    decode(input) {
      const points = orRefusal(() => count(input)) ?? 0;
      if (!Number.isSafeInteger(points) || points < 0 || points > input.length) {
        throw new Error(`${points} data points in ${input.length} bytes`);
      }
    },
  };
}

export const OTLP: readonly Target[] = [
  decoder("otlp-logs-protobuf", [encodeLogs(LOGS)], decodeLogs),
  decoder("otlp-traces-protobuf", [encodeTraces(TRACES)], decodeTraces),
  counter(
    "otlp-metrics-protobuf",
    [
      lengthField(
        1,
        lengthField(2, lengthField(2, Buffer.concat([lengthField(5, POINTS), lengthField(7, POINTS)]))),
      ),
    ],
    countDataPoints,
  ),
  decoder("otlp-logs-json", [JSON.stringify(LOGS)], decodeJsonLogs, WORDS),
  decoder("otlp-traces-json", [JSON.stringify(TRACES)], decodeJsonTraces, WORDS),
  counter("otlp-metrics-json", [JSON.stringify(METRICS)], countJsonDataPoints),
];
