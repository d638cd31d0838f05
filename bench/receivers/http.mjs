import snappyjs from "snappyjs";
import { records } from "./lines.mjs";

/**
 * Payloads of the intakes over HTTP: the path, headers, and a body that holds `count` records, as the usual clients
 * make them.
 */
export const HTTP = {
  jsonl: {
    count: 1000,
    path: "/v1/jsonl",
    body: (list) =>
      list
        .map(({ time, level, message, fields }) => JSON.stringify({ time, level, message, ...fields }))
        .join("\n"),
  },
  text: {
    count: 1000,
    path: "/v1/text",
    body: (list) => list.map(({ time, level, message }) => `${iso(time)} ${level} ${message}`).join("\n"),
    headers: { "content-type": "text/plain" },
  },
  splunk: {
    count: 1000,
    path: "/services/collector/event",
    headers: { authorization: "Splunk any" },
    body: (list) =>
      list
        .map(({ time, level, message, fields }) =>
          JSON.stringify({
            time: time / 1000,
            host: "web-1",
            sourcetype: "shop",
            event: { level, message },
            fields,
          }),
        )
        .join(""),
  },
  elasticsearch: {
    count: 1000,
    path: "/shop/_bulk",
    headers: { "content-type": "application/x-ndjson" },
    body: (list) =>
      list
        .map(
          ({ time, level, message, fields }) =>
            `{"create":{}}\n${JSON.stringify({ "@timestamp": iso(time), "log.level": level, message, ...fields })}\n`,
        )
        .join(""),
  },
  "loki, protobuf": {
    receiver: "loki",
    count: 1000,
    path: "/loki/api/v1/push",
    headers: { "content-type": "application/x-protobuf" },
    body: (list) => Buffer.from(snappyjs.compress(lokiPush(list))),
  },
  "loki, JSON": {
    receiver: "loki",
    count: 1000,
    path: "/loki/api/v1/push",
    body: (list) =>
      JSON.stringify({
        streams: [
          {
            stream: { service_name: "shop", host: "web-1" },
            values: list.map(({ time, level, message, fields }) => [
              nanoseconds(time),
              message,
              texts({ level, ...fields }),
            ]),
          },
        ],
      }),
  },
  datadog: {
    count: 1000,
    path: "/api/v2/logs",
    body: (list) =>
      JSON.stringify(
        list.map(({ time, level, message, fields }) => ({
          ...{ timestamp: Math.floor(time), status: level, message, service: "shop", hostname: "web-1" },
          ...{ ddsource: "nodejs", ddtags: "env:prod,version:2", ...fields },
        })),
      ),
  },
  loggly: {
    count: 1000,
    path: "/bulk/00000000-0000-4000-8000-000000000000/tag/shop/",
    body: (list) =>
      list
        .map(({ time, level, message, fields }) =>
          JSON.stringify({ timestamp: iso(time), level, message, ...fields }),
        )
        .join("\n"),
  },
  papertrail: {
    count: 1000,
    path: "/v1/logs/bulk",
    headers: { "content-type": "application/octet-stream" },
    body: (list) =>
      list.map(({ time, message }) => `<14>1 ${iso(time)} web-1 shop 17 - - ${message}`).join("\n"),
  },
  "gelf, HTTP, a line each": {
    receiver: "gelf",
    count: 1000,
    path: "/gelf",
    body: (list) => list.map((record) => JSON.stringify(gelf(record))).join("\n"),
  },
  "gelf, HTTP, one each": {
    receiver: "gelf",
    count: 1,
    path: "/gelf",
    body: ([record]) => JSON.stringify(gelf(record)),
  },
  raygun: {
    count: 100,
    path: "/entries/bulk",
    body: (list) =>
      JSON.stringify(
        list.map(({ time, message, fields }) => ({
          occurredOn: iso(time),
          details: {
            machineName: "web-1",
            error: {
              ...{ message, className: "CardDeclined" },
              stackTrace: [{ lineNumber: 7, className: "Cart", fileName: "cart.js", methodName: "pay" }],
            },
            userCustomData: fields,
          },
        })),
      ),
  },
  scalyr: {
    count: 1000,
    path: "/api/addEvents",
    body: (list) =>
      JSON.stringify({
        ...{ token: "any", session: "bench", sessionInfo: { serverHost: "web-1" } },
        events: list.map(({ time, message, fields }) => ({
          ts: nanoseconds(time),
          sev: 3,
          attrs: { message, ...fields },
        })),
      }),
  },
  auralogs: {
    count: 500,
    path: "/v1/logs",
    body: (list) =>
      JSON.stringify({
        projectApiKey: "any",
        logs: list.map(({ time, level, message, fields }) => ({
          ...{ level, message, timestamp: iso(time), environment: "production", metadata: fields },
        })),
      }),
  },
  "sentry, logs": {
    receiver: "sentry",
    count: 100,
    path: "/api/1/envelope/?sentry_key=any",
    headers: { "content-type": "application/x-sentry-envelope" },
    body: (list) => {
      const items = list.map(({ time, level, message, fields }) => ({
        ...{ timestamp: time / 1000, trace_id: "0af7651916cd43dd8448eb211c80319c", level, body: message },
        attributes: Object.fromEntries(
          Object.entries(fields).map(([name, value]) => [
            name,
            { value, type: typeof value === "number" ? "integer" : "string" },
          ]),
        ),
      }));
      const header = {
        type: "log",
        item_count: list.length,
        content_type: "application/vnd.sentry.items.log+json",
      };
      return `{"sent_at":"${iso(Date.now())}"}\n${JSON.stringify(header)}\n${JSON.stringify({ items })}\n`;
    },
  },
  "sentry, errors": {
    receiver: "sentry",
    count: 1,
    path: "/api/1/envelope/?sentry_key=any",
    headers: { "content-type": "application/x-sentry-envelope" },
    body: ([record]) => sentryError(record),
  },
  zipkin: {
    count: 500,
    path: "/api/v2/spans",
    body: (list) =>
      JSON.stringify(
        list.map(({ time, message, fields }, index) => ({
          ...{
            traceId: "0af7651916cd43dd8448eb211c80319c",
            id: (index + 1).toString(16).padStart(16, "0"),
            name: message,
          },
          ...{ kind: "SERVER", timestamp: Math.floor(time * 1000), duration: 1500, tags: texts(fields) },
          localEndpoint: { serviceName: "shop" },
        })),
      ),
  },
  journald: {
    count: 1000,
    path: "/upload",
    headers: { "content-type": "application/vnd.fdo.journal" },
    body: (list) =>
      list
        .map(
          ({ time, message, fields }) =>
            `__REALTIME_TIMESTAMP=${Math.floor(time * 1000)}\nPRIORITY=6\n_HOSTNAME=web-1\nSYSLOG_IDENTIFIER=shop\nORDER=${fields.order}\nMESSAGE=${message}\n\n`,
        )
        .join(""),
  },
};

/** An envelope holds one error at most, so each is a request. */
function sentryError({ time, message, fields }) {
  const frames = Array.from({ length: 8 }, (_, depth) => ({
    ...{
      function: `step${depth}`,
      filename: "/srv/shop/cart.js",
      lineno: 10 + depth,
      colno: 7,
      in_app: true,
    },
    context_line: "  await pay(order);",
  }));
  const event = {
    ...{ event_id: "9ec79c33ec9942ab8353589fcb2e04dc", timestamp: time / 1000, platform: "node" },
    ...{ level: "error", environment: "production", release: "shop@2.0.1", server_name: "web-1" },
    exception: { values: [{ type: "CardDeclined", value: message, stacktrace: { frames } }] },
    breadcrumbs: [{ timestamp: time / 1000 - 1, category: "http", message: "GET /cart", level: "info" }],
    ...{ tags: texts(fields), sdk: { name: "sentry.javascript.node", version: "11.12.0" } },
  };
  return `{"sent_at":"${iso(Date.now())}"}\n{"type":"event"}\n${JSON.stringify(event)}\n`;
}

/** @param {keyof typeof HTTP} name */
export function httpPayload(name) {
  const { count, path, headers = { "content-type": "application/json" }, body } = HTTP[name];
  return { count, path, headers, body: Buffer.from(body(records(count))) };
}

export function gelf({ time, level, message, fields }) {
  const further = Object.fromEntries(Object.entries(fields).map(([name, value]) => [`_${name}`, value]));
  return {
    version: "1.1",
    host: "web-1",
    short_message: message,
    timestamp: time / 1000,
    level: level === "error" ? 3 : 6,
    ...further,
  };
}

const iso = (time) => new Date(time).toISOString();
const nanoseconds = (time) => `${Math.floor(time * 1000)}000`;
const texts = (fields) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));

/** Loki's `PushRequest`, by hand: its messages are three, and a compiler for them would be all that is used of it. */
function lokiPush(list) {
  const entries = list.map(({ time, level, message, fields }) => {
    const stamp = Buffer.concat([
      Buffer.from([0x08]),
      varint(Math.floor(time / 1000)),
      Buffer.from([0x10]),
      varint(Math.floor((time % 1000) * 1e6)),
    ]);
    const pairs = Object.entries(texts({ level, ...fields })).map(([name, value]) =>
      bytes(3, Buffer.concat([bytes(1, Buffer.from(name)), bytes(2, Buffer.from(value))])),
    );
    return bytes(2, Buffer.concat([bytes(1, stamp), bytes(2, Buffer.from(message)), ...pairs]));
  });
  return bytes(1, Buffer.concat([bytes(1, Buffer.from('{service_name="shop", host="web-1"}')), ...entries]));
}

function bytes(field, content) {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(content.length), content]);
}

function varint(value) {
  const out = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      out.push(rest);
      return Buffer.from(out);
    }
    out.push((rest % 128) | 128);
  }
}
