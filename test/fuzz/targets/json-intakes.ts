import { decodeAuralogs } from "../../../packages/server/src/receivers/auralogs/decoder.ts";
import { DatadogDecoder } from "../../../packages/server/src/receivers/datadog/decoder.ts";
import type { DecodedRecords } from "../../../packages/server/src/receivers/decoded-records.ts";
import { BulkDecoder } from "../../../packages/server/src/receivers/elasticsearch/bulk.ts";
import { decodeGelfBody } from "../../../packages/server/src/receivers/gelf/body.ts";
import { JsonlDecoder } from "../../../packages/server/src/receivers/jsonl/decoder.ts";
import { decodeBulk, decodeInput } from "../../../packages/server/src/receivers/loggly/decoder.ts";
import { decodeJson as decodeLokiJson } from "../../../packages/server/src/receivers/loki/json.ts";
import { decodeEntries } from "../../../packages/server/src/receivers/raygun/entries.ts";
import { decodeEvents } from "../../../packages/server/src/receivers/scalyr/events.ts";
import { HecDecoder } from "../../../packages/server/src/receivers/splunk/decoder.ts";
import { decodeJson as decodeZipkinJson } from "../../../packages/server/src/receivers/zipkin/decoder.ts";
import { plainRecord } from "../../../packages/server/src/record/testing/plain-record.ts";
import { checkPieces, checkRecords, orRefusal } from "../check.ts";
import { NOW } from "../now.ts";
import type { Target } from "../target.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const isKey = () => true;

/** An intake whose bodies are decoded whole. Its words are the names in its seeds. */
function bodyDecoder(
  name: string,
  seeds: readonly string[],
  decode: (body: Buffer) => DecodedRecords<unknown>,
): Target {
  return {
    name,
    seeds,
    words: seeds.flatMap((seed) => seed.match(/"[^"\\]{1,30}"/g) ?? []),
    decode(input) {
      checkRecords(orRefusal(() => [...decode(input)]) ?? []);
    },
  };
}

const jsonl: Target = {
  name: "jsonl",
  seeds: [
    '{"time":"2026-11-21T10:41:07.123Z","level":"warn","msg":"late","order":7,"tags":["a","b"],"user":{"id":9}}\n{"@timestamp":1795257667,"log.level":"error","message":"failed","error":{"type":"E","stack_trace":"E: x\\n at a (b.js:1:2)"}}\n',
    '[{"message":"one"},{"message":"two","severity":30},{"pid":7,"level":50,"v":0,"hostname":"web-1"}]',
    '{\n  "level": "info",\n  "message": "spread"\n}\n',
    '\ufeff{"timestamp":"2026-11-21T10:41:07.123456789Z","observedTimestamp":"2026-11-21T10:41:07.2Z","severityNumber":9,"severityText":"INFO","body":"own","resource":{"service.name":"shop"},"scope":{"name":"cart"},"attributes":{"a":"b"},"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","polylog":1}\n',
  ],
  words: [
    ...["time", "@timestamp", "level", "msg", "message", "severity", "error", "stack", "service", "trace_id"],
    ...["severityNumber", "severityText", "body", "attributes", "resource", "scope", "eventName", "polylog"],
  ].map((word) => `"${word}"`),
  decode(input, random) {
    const decoded = checkPieces(input, random, (chunks) => {
      const decoder = new JsonlDecoder({}, NOW);
      for (const chunk of chunks) decoder.push(chunk);
      decoder.end();
      return { records: decoder.take().map(plainRecord), rejected: decoder.rejected };
    });
    checkRecords(decoded?.records ?? []);
  },
};

const SPLUNK = [
  '{"time":1795257667.123,"host":"web-1","source":"s","sourcetype":"t","index":"main","event":{"message":"hello","level":"warn"},"fields":{"a":1}}{"event":"text","time":"1795257667"}',
];
const BULK = [
  '{"index":{"_index":"logs","_id":"1"}}\n{"@timestamp":"2026-11-21T10:41:07Z","message":"hello","log":{"level":"warn"},"host":{"name":"web-1"}}\n{"delete":{"_id":"2"}}\n{"create":{}}\n{"message":"two"}\n{"update":{"_id":"3"}}\n{"doc":{"a":1}}\n',
];
const DATADOG = [
  '[{"message":"hello","ddsource":"node","ddtags":"env:prod,version:1","hostname":"web-1","service":"shop","status":"warn","timestamp":1795257667123}]',
  '{"message":"{\\"level\\":\\"error\\",\\"msg\\":\\"inner\\"}"}{"message":"two"}',
];
const LOKI = [
  '{"streams":[{"stream":{"app":"shop","level":"warn"},"values":[["1763721667000000007","hello"],["1763721667000000008","level=info msg=two",{"trace_id":"0af7651916cd43dd8448eb211c80319c"}]]}]}',
  '{"streams":[{"labels":"{app=\\"shop\\"}","entries":[{"ts":"2026-11-21T10:41:07Z","line":"hello"}]}]}',
];
const ZIPKIN = [
  JSON.stringify([
    {
      traceId: TRACE,
      id: "b7ad6b7169203331",
      parentId: "5b4185666d50f68b",
      kind: "CLIENT",
      name: "get",
      timestamp: 1795257667123456,
      duration: 1500,
      localEndpoint: { serviceName: "shop", ipv4: "10.0.0.1", port: 8080 },
      annotations: [{ timestamp: 1795257667123500, value: "ws" }],
      tags: { error: "x" },
    },
  ]),
];
const AURALOGS = [
  '{"projectApiKey":"k","logs":[{"level":"warn","message":"hello","timestamp":"2026-11-21T10:41:07Z","environment":"prod","metadata":{"a":{"b":1}},"stackTrace":"E: x\\n at a (b.js:1:2)","traceId":"t"}]}',
  '{"projectApiKey":"k","log":{"message":"hello"}}',
];
const RAYGUN = [
  '[{"occurredOn":"2026-11-21T10:41:07Z","details":{"machineName":"web-1","version":"1","error":{"className":"E","message":"failed","stackTrace":[{"lineNumber":1,"className":"a","fileName":"b.js","methodName":"c"}],"innerError":{"message":"inner"}},"tags":["a"],"userCustomData":{"b":1},"user":{"identifier":"u"},"request":{"url":"/"}}}]',
];
const SCALYR = [
  '{"token":"t","session":"s","sessionInfo":{"serverHost":"web-1"},"events":[{"thread":"1","ts":"1795257667000000000","type":0,"sev":4,"attrs":{"message":"hello","level":"warn"}}],"threads":[{"id":"1","name":"main"}],"logs":[{"id":"1","attrs":{}}]}',
  '{"token":"t","events":[{"ts":1,"attrs":{"message":`s\0\0\0\x05hello}}]}',
];
const GELF = [
  '{"version":"1.1","host":"web-1","short_message":"hello","full_message":"hello\\nE: x\\n at a (b.js:1:2)","timestamp":1795257667.123,"level":4,"_order":7,"_user":{"id":9},"facility":"f","line":3,"file":"a.js"}',
  '{"short_message":"one"}\n{"short_message":"two"}\n',
];
const LOGGLY = [
  '{"message":"hello","level":"warn"}\nplain line\nlevel=info msg=three\n',
  '[{"a":1},"text",2]',
];

export const JSON_INTAKES: readonly Target[] = [
  jsonl,
  bodyDecoder("splunk-events", SPLUNK, (body) => new HecDecoder(NOW).events(body)),
  bodyDecoder("splunk-raw", ["2026-11-21 10:41:07 WARN late\nE: x\n  at a\n"], (body) =>
    new HecDecoder(NOW).raw(body),
  ),
  bodyDecoder("elasticsearch-bulk", BULK, (body) => new BulkDecoder(NOW, "logs").decode(body)),
  bodyDecoder("datadog", DATADOG, (body) => new DatadogDecoder(NOW, {}).json(body)),
  bodyDecoder("loki-json", LOKI, (body) => decodeLokiJson(body, NOW)),
  bodyDecoder("zipkin-json", ZIPKIN, (body) => decodeZipkinJson(body, NOW)),
  bodyDecoder("auralogs", AURALOGS, (body) => decodeAuralogs(body, NOW, isKey)),
  bodyDecoder("raygun", RAYGUN, (body) => decodeEntries(body, { now: NOW })),
  bodyDecoder("scalyr", SCALYR, (body) => decodeEvents(body, NOW, isKey)),
  bodyDecoder("gelf-http", GELF, (body) => decodeGelfBody(body, { now: NOW })),
  bodyDecoder("loggly-bulk", LOGGLY, (body) => decodeBulk(body, { tags: ["a"], now: NOW })),
  bodyDecoder("loggly-input", LOGGLY, (body) => decodeInput(body, ["a"], NOW)),
];
