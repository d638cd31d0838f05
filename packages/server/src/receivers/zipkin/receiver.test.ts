import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { SpanRecord } from "../../record/record.ts";
import { decodeJson, decodeProtobuf } from "./decoder.ts";

const NOW = 1_795_257_667_000_000_000n;
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const LEAST = { traceId: TRACE, id: "b7ad6b7169203331" };

const decoded = (spans: unknown): (SpanRecord | null)[] =>
  [...decodeJson(Buffer.from(JSON.stringify(spans)), NOW)].filter((span) => span !== undefined);

const FULL = {
  ...LEAST,
  parentId: "5b4185666d50f68b",
  kind: "CLIENT",
  name: "get /orders",
  timestamp: 1795257667123456,
  duration: 1500,
  debug: true,
  shared: true,
  localEndpoint: { serviceName: "shop", ipv4: "10.0.0.1", ipv6: "2001:db8::1", port: 8080 },
  remoteEndpoint: { serviceName: "stock", ipv6: "2001:db8::2", port: 80 },
  annotations: [{ timestamp: 1795257667123500, value: "ws" }],
  tags: { "http.method": "GET", error: "timed out", "otel.scope.name": "http" },
};

describe("a span", () => {
  it("is kept with all that it holds", () => {
    expect(decoded([FULL])).toEqual([
      {
        timestamp: 1_795_257_667_123_456_000n,
        endTimestamp: 1_795_257_667_124_956_000n,
        traceId: TRACE,
        spanId: "b7ad6b7169203331",
        parentSpanId: "5b4185666d50f68b",
        traceState: "",
        name: "get /orders",
        kind: "Client",
        statusCode: "Error",
        statusMessage: "timed out",
        resource: expect.objectContaining({ serviceName: "shop" }),
        scope: expect.objectContaining({ name: "http" }),
        attributes: [
          ...["http.method", "GET", "error", "timed out"],
          ...[
            "network.local.address",
            "10.0.0.1",
            "network.local.ipv6",
            "2001:db8::1",
            "network.local.port",
            "8080",
          ],
          ...["peer.service", "stock", "network.peer.address", "2001:db8::2", "network.peer.port", "80"],
          ...["zipkin.debug", "true", "zipkin.shared", "true"],
        ],
        events: [{ timestamp: 1_795_257_667_123_500_000n, name: "ws", attributes: [] }],
        links: [],
      },
    ]);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["a 64-bit trace id", { traceId: "48485a3953bb6124" }, { traceId: "000000000000000048485a3953bb6124" }],
    [
      "a trace id of 20 digits",
      { traceId: "abc48485a3953bb61240" },
      { traceId: "000000000000abc48485a3953bb61240" },
    ],
    ["a trace id of one digit", { traceId: "1" }, { traceId: "1".padStart(32, "0") }],
    ["a short id", { id: "1" }, { spanId: "0000000000000001" }],
    ["ids in capitals", { traceId: TRACE.toUpperCase() }, { traceId: TRACE }],
    ["no kind", {}, { kind: "Internal" }],
    ["a server's kind", { kind: "SERVER" }, { kind: "Server" }],
    ["a producer's kind", { kind: "PRODUCER" }, { kind: "Producer" }],
    ["a consumer's kind", { kind: "CONSUMER" }, { kind: "Consumer" }],
    ["another kind", { kind: "ODD" }, { kind: "Unspecified", attributes: ["zipkin.kind", "ODD"] }],
    ["no time", { duration: 5 }, { timestamp: NOW, endTimestamp: NOW + 5000n }],
    [
      "a time that is none",
      { timestamp: "noon" },
      { timestamp: NOW, attributes: ["zipkin.timestamp", "noon"] },
    ],
    [
      "a parent that is none",
      { parentId: "x" },
      { parentSpanId: "", attributes: ["polylog.invalid_parent_span_id", "x"] },
    ],
    ["an empty error", { tags: { error: "" } }, { statusCode: "Error", statusMessage: "" }],
    ["OpenTelemetry's status", { tags: { "otel.status_code": "OK" } }, { statusCode: "Ok" }],
    ["fields of a later version", { mood: "good" }, { attributes: ["zipkin.mood", "good"] }],
  ])("with %s", (_, change, expected) => {
    expect(decoded([{ ...LEAST, ...change }])[0]).toMatchObject(expected);
  });

  test.each([
    {},
    { traceId: TRACE },
    { id: "1" },
    { ...LEAST, traceId: "0".repeat(32) },
    { ...LEAST, traceId: "" },
    { ...LEAST, traceId: "f".repeat(33) },
    { ...LEAST, traceId: "xyz48485a3953bb61240" },
    { ...LEAST, id: "zz" },
    7,
  ])("that is %j is not kept", (span) => {
    expect(decoded([LEAST, span])[1]).toBeNull();
  });
});

test.each(["{}", "hello", '[{"traceId":"1"}]', "[{]", `[${JSON.stringify(LEAST)}`])(
  "a body of %s is refused",
  (body) => {
    expect(() => [...decodeJson(Buffer.from(body), NOW)]).toThrow(/body is/);
  },
);

test("an empty list is no fault", () => {
  expect(decoded([])).toEqual([]);
});

/** What Zipkin's own encoder writes: a field's number and type, its length, its bytes. */
const field = (number: number, bytes: Buffer | string) => {
  const length = Buffer.byteLength(bytes);
  const head = length < 128 ? [length] : [(length & 127) | 128, length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...head]), Buffer.from(bytes)]);
};
const fixed64 = (number: number, value: bigint) => {
  const bytes = Buffer.alloc(9, (number << 3) | 1);
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
};
const PROTOBUF = field(
  1,
  Buffer.concat([
    ...[
      field(1, Buffer.from(TRACE, "hex")),
      field(2, Buffer.from(FULL.parentId, "hex")),
      field(3, Buffer.from(FULL.id, "hex")),
    ],
    ...[
      Buffer.from([4 << 3, 1]),
      field(5, FULL.name),
      fixed64(6, 1795257667123456n),
      Buffer.from([7 << 3, 0xdc, 0x0b]),
    ],
    field(
      8,
      Buffer.concat([
        field(1, "shop"),
        field(2, Buffer.from([10, 0, 0, 1])),
        Buffer.from([4 << 3, 0x90, 0x3f]),
      ]),
    ),
    field(
      9,
      Buffer.concat([field(1, "stock"), field(3, Buffer.from("20010db8000000000000000000000002", "hex"))]),
    ),
    field(10, Buffer.concat([fixed64(1, 1795257667123500n), field(2, "ws")])),
    field(11, Buffer.concat([field(1, "error"), field(2, "timed out")])),
    Buffer.from([12 << 3, 1, 13 << 3, 1]),
  ]),
);

test("protobuf says the same as JSON", () => {
  const tags = { error: "timed out" };
  const localEndpoint = { serviceName: "shop", ipv4: "10.0.0.1", port: 8080 };
  const remoteEndpoint = { serviceName: "stock", ipv6: "2001:0db8:0000:0000:0000:0000:0000:0002" };
  expect([...decodeProtobuf(PROTOBUF, NOW)]).toEqual(
    decoded([{ ...FULL, tags, localEndpoint, remoteEndpoint }]),
  );
});

test("whatever the bytes, they become spans or a refusal", () => {
  const name = fc.constantFrom(...Object.keys(FULL));
  fc.assert(
    fc.property(fc.array(fc.dictionary(name, fc.jsonValue())), (spans) => {
      for (const span of decoded([LEAST, ...spans]))
        expect(span?.attributes.every((text) => typeof text === "string")).not.toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(PROTOBUF.length), (noise, at) => {
      const bytes = Buffer.concat([PROTOBUF.subarray(0, at), noise]);
      try {
        for (const span of decodeProtobuf(bytes, NOW))
          expect(span === null || span.traceId.length === 32).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ code: "POLYLOG_E_BAD_REQUEST" });
      }
    }),
    { numRuns: 1000 },
  );
});
