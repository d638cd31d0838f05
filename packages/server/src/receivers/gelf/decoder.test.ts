import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { createGelfDecoder } from "./decoder.ts";

const NOW = 1_795_257_667_000_000_000n;

/** What a message says, without what it leaves out. */
function said(message: unknown): Record<string, unknown> {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  const decoded = createGelfDecoder()(Buffer.from(text), NOW);
  if ("reason" in decoded) return decoded;
  const { attributes, resource, scope, observedTimestamp, ...rest } = decoded.record;
  expect(observedTimestamp).toBe(NOW);
  const pairs = Array.from({ length: attributes.length / 2 }, (_, at) =>
    attributes.slice(at * 2, at * 2 + 2),
  );
  const kept = { ...rest, host: resource.host, service: resource.serviceName, logger: scope.name };
  return {
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== "" && value !== 0)),
    ...(pairs.length > 0 ? { attributes: Object.fromEntries(pairs) } : {}),
  };
}

const STACK = "TypeError: no such thing\n    at main (/app/main.js:1:1)";
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const LEAST = { version: "1.1", host: "web-1", short_message: "slow", level: 4, timestamp: 1795257667.123 };
const SAID = {
  ...{ timestamp: 1_795_257_667_123_000_000n, severityNumber: 13, severityText: "warning" },
  ...{ body: "slow", host: "web-1" },
};

describe("a message", () => {
  test.each<[string, unknown, Record<string, unknown>]>([
    ["of the least fields", LEAST, SAID],
    [
      "with additional fields",
      { ...LEAST, _order: 7, "_a.b-c": "x", _id: "no", __twice: 1, plain: true, _null: null },
      {
        ...SAID,
        attributes: { order: "7", "a.b-c": "x", id: "no", _twice: "1", plain: "true" },
      },
    ],
    [
      "with a time as text",
      { ...LEAST, timestamp: "1795257667.123456789" },
      { ...SAID, timestamp: 1_795_257_667_123_456_789n },
    ],
    ["without a time", { ...LEAST, timestamp: undefined }, { ...SAID, timestamp: NOW }],
    [
      "with a time that is none",
      { ...LEAST, timestamp: "yesterday" },
      { ...SAID, timestamp: NOW, attributes: { timestamp: "yesterday" } },
    ],
    [
      "without a level",
      { ...LEAST, level: undefined },
      { ...SAID, severityNumber: 22, severityText: "alert" },
    ],
    ["with a level as text", { ...LEAST, level: "3" }, { ...SAID, severityNumber: 17, severityText: "err" }],
    [
      "with a level as word",
      { ...LEAST, level: "INFO" },
      { ...SAID, severityNumber: 9, severityText: "INFO" },
    ],
    [
      "with a level of another kind",
      { ...LEAST, level: 30 },
      { ...SAID, severityNumber: undefined, severityText: undefined, attributes: { level: "30" } },
    ],
    [
      "with a longer text",
      { ...LEAST, full_message: "slow\nas ever" },
      { ...SAID, attributes: { full_message: "slow\nas ever" } },
    ],
    ["with the same text twice", { ...LEAST, full_message: "slow" }, SAID],
    ["with the longer text only", { ...LEAST, short_message: undefined, full_message: "slow" }, SAID],
    [
      "with a stack trace",
      { ...LEAST, full_message: STACK },
      {
        ...SAID,
        attributes: {
          ...{ "exception.type": "TypeError", "exception.message": "no such thing" },
          "exception.stacktrace": STACK,
        },
      },
    ],
    [
      "with a stack trace behind the text",
      { ...LEAST, full_message: `slow\n${STACK}` },
      { ...SAID, attributes: expect.objectContaining({ "exception.stacktrace": STACK }) },
    ],
    [
      "of gelf-pro's, with an error",
      { ...LEAST, _error_message: "gone", _error_stack: "Error: gone\n    at x.js:1:1" },
      {
        ...SAID,
        attributes: {
          ...{ "exception.type": "Error", "exception.message": "gone" },
          "exception.stacktrace": "Error: gone\n    at x.js:1:1",
        },
      },
    ],
    [
      "with OpenTelemetry's fields",
      { ...LEAST, _trace_id: TRACE, _span_id: "b7ad6b7169203331", _service: "shop", _logger: "a.b" },
      { ...SAID, traceId: TRACE, spanId: "b7ad6b7169203331", service: "shop", logger: "a.b" },
    ],
    [
      "with fields that are named as its own",
      { ...LEAST, _message: "m", _level: "l", _host: "h", _timestamp: 1, _msg: "n", _time: 2 },
      {
        ...SAID,
        attributes: { message: "m", level: "l", host: "h", timestamp: "1", msg: "n", time: "2" },
      },
    ],
    [
      "of Docker's",
      { ...LEAST, level: 6, _container_id: "8f", _container_name: "shop", _image_name: "shop:1", _tag: "8f" },
      {
        ...{ ...SAID, severityNumber: 9, severityText: "info", service: "shop" },
        attributes: { container_id: "8f", container_name: "shop", image_name: "shop:1", tag: "8f" },
      },
    ],
    ["that ends in NUL", `${JSON.stringify(LEAST)}\0`, SAID],
    [
      "with a long number",
      '{"version":"1.1","host":"web-1","short_message":"slow","level":4,"timestamp":1795257667.123,"_n":12345678901234567890}',
      { ...SAID, attributes: { n: "12345678901234567890" } },
    ],
    ["with nested values", { ...LEAST, _a: { b: [1] } }, { ...SAID, attributes: { "a.b": "[1]" } }],
    ["with no text", { ...LEAST, short_message: "" }, { reason: "it has no short_message" }],
    ["that is a list", [LEAST], { reason: "not a JSON object" }],
    ["that is no JSON", "hello", { reason: expect.stringContaining("not JSON: ") }],
    ["that is too long", { ...LEAST, _x: "x".repeat(2 << 20) }, { reason: "longer than 2097152 bytes" }],
    ["that is empty", "", { reason: expect.stringContaining("not JSON: ") }],
  ])("%s", (_, message, expected) => {
    expect(said(message)).toEqual(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    );
  });
});

it("shares the resource of records from one host", () => {
  const decode = createGelfDecoder({ service: "shop" });
  const [a, b] = [
    decode(Buffer.from(JSON.stringify(LEAST)), NOW),
    decode(Buffer.from(JSON.stringify(LEAST)), NOW),
  ];
  if ("reason" in a || "reason" in b) throw new Error("not decoded");
  expect(a.record.resource).toBe(b.record.resource);
  expect(a.record.resource).toMatchObject({ serviceName: "shop", host: "web-1" });
});

it("keeps a host's name that is none as an attribute", () => {
  const host = "h".repeat(300);
  expect(said({ ...LEAST, host })).toEqual({ ...SAID, host: undefined, attributes: { host } });
});

it("makes a record or tells a reason, whatever the bytes", () => {
  const decode = createGelfDecoder();
  const field = fc.constantFrom(
    "short_message",
    "full_message",
    "timestamp",
    "level",
    "host",
    "_error",
    "_stack",
  );
  const message = fc.dictionary(fc.oneof(field, fc.string()), fc.jsonValue());
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        message.map((value) => Buffer.from(JSON.stringify(value))),
      ),
      (bytes) => {
        const decoded = decode(Buffer.from(bytes), NOW);
        if ("reason" in decoded) expect(decoded.reason).not.toBe("");
        else expect(decoded.record.attributes.every((text) => typeof text === "string")).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});
