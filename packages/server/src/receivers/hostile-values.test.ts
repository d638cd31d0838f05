import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { encodeRecords } from "../decoding/encode-records.ts";
import { createApp } from "../http/app.ts";
import { createLogEncoder } from "../store/encode/logs.ts";
import { createSpanEncoder } from "../store/encode/spans.ts";
import { capturingIntake, receiverContext } from "../testing/capturing-intake.ts";
import { registerHttpIntakes } from "./http-intakes.ts";

/** A request in JSON, with all that its protocol reads by a name of its own. */
interface Request {
  readonly name: string;
  readonly path: string;
  /** Values of JSON, a line each. */
  readonly lines: readonly unknown[];
}

const TIME = 1_795_257_667;
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";
const FRAME = {
  function: "f",
  filename: "a.js",
  abs_path: "/a.js",
  lineno: 7,
  colno: 3,
  context_line: "f()",
};
const ERROR = { type: "TypeError", value: "no", stacktrace: { frames: [FRAME] } };
const ENVELOPE = {
  event_id: "ab".repeat(16),
  sent_at: "2026-11-21T10:41:07Z",
  sdk: { name: "s", version: "1" },
};

const RECORD = {
  ...{ time: TIME, level: "warn", levelno: 30, severity_number: 13, msg: "late", name: "shop", pid: 7 },
  ...{ hostname: "web-1", service: "shop", trace_id: TRACE, span_id: SPAN, trace_flags: 1, event: "login" },
  ...{
    err: { type: "TypeError", message: "no", stack: "TypeError: no\n    at f (a.js:1:2)" },
    "dd.trace_id": "7",
  },
};

const OTLP = {
  resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] },
  scope: { name: "s", version: "1", attributes: [{ key: "a", value: { intValue: "7" } }] },
};

const REQUESTS: readonly Request[] = [
  { name: "JSON lines", path: "/v1/jsonl", lines: [RECORD] },
  {
    ...{ name: "a record of our own", path: "/v1/jsonl" },
    lines: [
      {
        ...{
          polylog: 1,
          timestamp: `${TIME}000000000`,
          observed: `${TIME}000000000`,
          body: "late",
          event: "",
        },
        ...{ severity: [9, "info"], trace: [TRACE, SPAN, 1] },
        ...{ resource: ["shop", "", "", ""], scope: ["", "", ""], attributes: ["a", "b"] },
      },
    ],
  },
  {
    ...{ name: "Splunk", path: "/services/collector/event" },
    lines: [
      {
        ...{ event: RECORD, time: TIME, host: "web-1", source: "s", sourcetype: "t", index: "main" },
        fields: { region: "eu", tags: ["a"] },
      },
    ],
  },
  {
    ...{ name: "Elasticsearch", path: "/_bulk" },
    lines: [
      { create: { _index: "logs", _id: 7, pipeline: "p", routing: "r" } },
      {
        ...{ "@timestamp": "2026-11-21T10:41:07Z", message: "late", log: { level: "warn", logger: "a" } },
        ...{ service: { name: "shop" }, host: { name: "web-1" }, trace: { id: TRACE }, span: { id: SPAN } },
        ...{ error: { type: "E", message: "no", stack_trace: "E: no\n  at a" }, event: { action: "x" } },
      },
      { update: { _id: "u" } },
      { doc: { message: "x" }, doc_as_upsert: true },
    ],
  },
  {
    ...{ name: "Loki", path: "/loki/api/v1/push" },
    lines: [
      {
        streams: [
          {
            stream: { app: "shop", level: "warn" },
            values: [[`${TIME}000000000`, "late", { trace_id: TRACE }]],
          },
          { labels: '{a="b"}', entries: [{ ts: "2026-11-21T10:41:07Z", line: "late" }] },
        ],
      },
    ],
  },
  {
    ...{ name: "Datadog", path: "/api/v2/logs" },
    lines: [
      [
        {
          ...{ message: "late", ddtags: "env:prod", ddsource: "node", hostname: "web-1", service: "shop" },
          ...{ status: "warn", timestamp: TIME, dd: { trace_id: "7", span_id: "8" }, date: TIME },
        },
      ],
    ],
  },
  { name: "Loggly", path: "/bulk/TOKEN", lines: [[RECORD]] },
  {
    ...{ name: "Auralogs", path: "/v1/logs" },
    lines: [
      {
        projectApiKey: "k",
        logs: [
          {
            ...{ level: "error", message: "late", environment: "prod", timestamp: TIME, traceId: TRACE },
            ...{ metadata: { a: 1 }, stackTrace: "E: no\n    at f (a.js:1:2)" },
          },
        ],
      },
    ],
  },
  {
    ...{ name: "GELF", path: "/gelf" },
    lines: [
      {
        ...{
          version: "1.1",
          host: "web-1",
          short_message: "late",
          full_message: "late\nE: no\n    at f (a.js:1:2)",
        },
        ...{
          timestamp: TIME,
          level: 4,
          _order: 7,
          _container_name: "c",
          facility: "f",
          line: 7,
          file: "a.js",
        },
      },
    ],
  },
  {
    ...{ name: "Raygun", path: "/entries" },
    lines: [
      {
        occurredOn: "2026-11-21T10:41:07Z",
        details: {
          machineName: "web-1",
          error: {
            ...{ className: "E", message: "no", innerError: { className: "F", message: "n" } },
            stackTrace: [
              { lineNumber: 7, columnNumber: 3, className: "A", methodName: "f", fileName: "a.js" },
            ],
          },
          ...{ client: { name: "raygun-node", version: "1" }, user: { identifier: "u" }, version: "2" },
          ...{ request: { url: "/" }, tags: ["a"], userCustomData: { a: 1 } },
        },
      },
    ],
  },
  {
    ...{ name: "Scalyr", path: "/api/addEvents" },
    lines: [
      {
        ...{ token: "k", session: "s1", sessionInfo: { serverHost: "web-1" }, client_time: 1 },
        ...{ threads: [{ id: "1", name: "main" }], logs: [{ id: "l1", attrs: { logfile: "/a.log" } }] },
        events: [
          {
            ts: `${TIME}123456789`,
            sev: 4,
            thread: "1",
            log: "l1",
            type: 1,
            attrs: { message: "late", a: 1 },
          },
        ],
      },
    ],
  },
  {
    ...{ name: "Zipkin", path: "/api/v2/spans" },
    lines: [
      [
        {
          ...{ traceId: TRACE, id: SPAN, parentId: SPAN, name: "get", kind: "CLIENT", timestamp: TIME * 1e6 },
          ...{ duration: 7, debug: true, shared: false, tags: { error: "no", a: "b" } },
          localEndpoint: { serviceName: "shop", ipv4: "10.0.0.1", ipv6: "::1", port: 80 },
          remoteEndpoint: { serviceName: "db", port: 5432 },
          annotations: [{ timestamp: TIME * 1e6, value: "sent" }],
        },
      ],
    ],
  },
  {
    ...{ name: "Sentry's event", path: "/api/1/envelope/" },
    lines: [
      ENVELOPE,
      { type: "event" },
      {
        ...{
          event_id: "ab".repeat(16),
          timestamp: TIME,
          level: "error",
          platform: "javascript",
          logger: "l",
        },
        ...{ exception: { values: [ERROR] }, threads: { values: [{ stacktrace: { frames: [FRAME] } }] } },
        ...{ message: { formatted: "late" }, logentry: { message: "late %s", params: ["a"] } },
        ...{
          tags: [["a", "b"]],
          user: { id: 7 },
          request: { url: "/", headers: [["a", "b"]] },
          release: "s@1",
        },
        ...{
          contexts: { trace: { trace_id: TRACE, span_id: SPAN }, os: { name: "Linux" } },
          server_name: "web-1",
        },
        ...{ breadcrumbs: { values: [{ message: "m", timestamp: TIME }] }, sdk: { name: "s", version: "1" } },
      },
    ],
  },
  {
    ...{ name: "Sentry's transaction", path: "/api/1/envelope/" },
    lines: [
      ENVELOPE,
      { type: "transaction" },
      {
        ...{ transaction: "GET /", start_timestamp: TIME, timestamp: TIME + 1, tags: { a: "b" } },
        contexts: { trace: { trace_id: TRACE, span_id: SPAN, op: "http", status: "ok", data: { a: 1 } } },
        spans: [
          {
            span_id: SPAN,
            parent_span_id: SPAN,
            op: "db",
            description: "q",
            start_timestamp: TIME,
            status: "ok",
          },
        ],
        measurements: { lcp: { value: 250, unit: "millisecond" } },
      },
    ],
  },
  {
    ...{ name: "Sentry's logs", path: "/api/1/envelope/" },
    lines: [
      ENVELOPE,
      { type: "log", item_count: 1 },
      {
        items: [
          {
            ...{
              timestamp: TIME,
              level: "warn",
              severity_number: 13,
              body: "late",
              trace_id: TRACE,
              span_id: SPAN,
            },
            attributes: { order: { value: 7, type: "integer", unit: "byte" } },
          },
        ],
      },
    ],
  },
  {
    ...{ name: "Sentry's spans", path: "/api/1/envelope/" },
    lines: [
      ENVELOPE,
      { type: "span" },
      {
        items: [
          {
            ...{
              trace_id: TRACE,
              span_id: SPAN,
              name: "send",
              start_timestamp: TIME,
              end_timestamp: TIME + 1,
            },
            ...{
              status: "error",
              is_segment: true,
              links: [{ trace_id: TRACE, span_id: SPAN, sampled: true }],
            },
            attributes: { "sentry.op": { type: "string", value: "queue.publish" } },
          },
        ],
      },
    ],
  },
  {
    ...{ name: "Sentry's check-in", path: "/api/1/envelope/" },
    lines: [
      ENVELOPE,
      { type: "check_in" },
      { monitor_slug: "m", status: "ok", duration: 2, release: "s@1", contexts: {} },
    ],
  },
  {
    ...{ name: "OTLP's logs", path: "/v1/logs" },
    lines: [
      {
        resourceLogs: [
          {
            resource: OTLP.resource,
            scopeLogs: [
              {
                scope: OTLP.scope,
                logRecords: [
                  {
                    ...{
                      timeUnixNano: `${TIME}000000000`,
                      severityNumber: 9,
                      severityText: "INFO",
                      flags: 1,
                    },
                    ...{ body: { stringValue: "late" }, traceId: TRACE, spanId: SPAN, eventName: "e" },
                    attributes: [{ key: "a", value: { doubleValue: 1.5 } }],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
  {
    ...{ name: "OTLP's spans", path: "/v1/traces" },
    lines: [
      {
        resourceSpans: [
          {
            resource: OTLP.resource,
            scopeSpans: [
              {
                scope: OTLP.scope,
                spans: [
                  {
                    ...{
                      traceId: TRACE,
                      spanId: SPAN,
                      name: "GET /",
                      kind: 2,
                      status: { code: 2, message: "no" },
                    },
                    ...{ startTimeUnixNano: `${TIME}000000000`, endTimeUnixNano: `${TIME}000000001` },
                    events: [{ timeUnixNano: `${TIME}000000000`, name: "e", attributes: [] }],
                    links: [{ traceId: TRACE, spanId: SPAN, attributes: [] }],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
];

/** What whoever reads a number or a text doesn't expect: to ask one of these for its own throws. */
const HOSTILE: readonly unknown[] = [
  { toString: 1, valueOf: 1 },
  [{ toString: 1 }],
  // And what is looked up by one of these is Object's own.
  "constructor",
  "__proto__",
  -1e308,
  JSON.parse('{"__proto__":{"toString":1},"constructor":1,"toJSON":1,"length":-1}'),
];

/** The value, with a hostile one in the place of each part of it, one after the other. */
function* variantsOf(value: unknown): Generator<unknown> {
  yield* HOSTILE;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    for (const variant of variantsOf(part)) {
      const copy = Array.isArray(value) ? [...value] : { ...value };
      yield Object.assign(copy, { [key]: variant });
    }
  }
}

const intake = capturingIntake();
const errors: string[] = [];
let app: ReturnType<typeof createApp>;
beforeAll(() => {
  const context = receiverContext(intake, { errors });
  app = createApp({ authToken: null, log: context.log });
  registerHttpIntakes(app, context);
});
afterAll(() => app.close());
beforeEach(() => {
  intake.logs.length = 0;
  intake.spans.length = 0;
  errors.length = 0;
});

async function post(path: string, lines: readonly unknown[]): Promise<number> {
  const payload = lines.map((line) => JSON.stringify(line)).join("\n");
  const headers = { "content-type": "application/json" };
  return (await app.inject({ method: "POST", url: path, headers, payload })).statusCode;
}

it.each(REQUESTS)(
  "$name: no value of JSON is a fault of the server, wherever it stands",
  async ({ path, lines }) => {
    expect(await post(path, lines)).toBeLessThan(300);
    expect(intake.logs.length + intake.spans.length).toBeGreaterThan(0);
    for (const variant of variantsOf(lines)) {
      if (!Array.isArray(variant) || variant.length !== lines.length) continue;
      const status = await post(path, variant);
      expect(status, JSON.stringify(variant)).toBeLessThan(500);
    }
    expect(errors).toEqual([]);
    // And what is made of it can be stored.
    const logs = encodeRecords(createLogEncoder(), intake.logs, "test", TIME * 1000);
    const spans = encodeRecords(createSpanEncoder(), intake.spans, "test", TIME * 1000);
    expect([logs.refusal, spans.refusal]).toEqual(["", ""]);
  },
);
