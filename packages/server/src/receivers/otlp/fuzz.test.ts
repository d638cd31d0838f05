import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PolylogError } from "../../errors.ts";
import { logsRequests, tracesRequests } from "../../testing/arbitrary-otlp.ts";
import { encodeLogs, encodeTraces } from "../../testing/otlp-request.ts";
import type { Decoded } from "./decoded.ts";
import { decodeJsonLogs } from "./json/logs.ts";
import { countJsonDataPoints } from "./json/metrics.ts";
import { decodeJsonTraces } from "./json/traces.ts";
import { decodeLogs } from "./protobuf/logs.ts";
import { countDataPoints } from "./protobuf/metrics.ts";
import { decodeTraces } from "./protobuf/traces.ts";

const NOW = 1_700_000_000_000_000_000n;
const RUNS = 2_000;

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
