import fc from "fast-check";
import type { LogRecord, SpanRecord } from "../../record/record.ts";
import { SPAN_KINDS, STATUS_CODES } from "../../record/record.ts";
import { SOME_TIME } from "./records.ts";

/** Any UTF-16, lone surrogates, NULs and SQL included. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    "",
    "\0",
    "\n\n DROP TABLE otel_logs; --",
    "__proto__",
    "x".repeat(130),
    "ü".repeat(70),
    "€".repeat(6000),
  ),
);
/** Records of any shape, of these texts. */
export function arbitraryRecords(text: fc.Arbitrary<string>): {
  readonly log: fc.Arbitrary<LogRecord>;
  readonly span: fc.Arbitrary<SpanRecord>;
} {
  const attributes = fc.array(fc.tuple(text, text), { maxLength: 12 }).map((pairs) => pairs.flat());
  const time = fc.bigInt({ min: SOME_TIME - 10n ** 17n, max: SOME_TIME });
  const byte = fc.integer({ min: 0, max: 255 });
  const resource = fc.record({
    attributes,
    schemaUrl: text,
    serviceName: text,
    host: text,
    runtime: text,
  });
  const scope = fc.record({ attributes, schemaUrl: text, name: text, version: text });

  const log: fc.Arbitrary<LogRecord> = fc.record({
    timestamp: time,
    observedTimestamp: time,
    severityNumber: byte,
    severityText: text,
    body: text,
    eventName: text,
    traceId: text,
    spanId: text,
    traceFlags: byte,
    resource,
    scope,
    attributes,
  });

  const span: fc.Arbitrary<SpanRecord> = fc.record({
    timestamp: time,
    endTimestamp: fc.bigInt({ min: SOME_TIME, max: SOME_TIME + 2n ** 62n }),
    traceId: text,
    spanId: text,
    parentSpanId: text,
    traceState: text,
    name: text,
    kind: fc.constantFrom(...SPAN_KINDS),
    statusCode: fc.constantFrom(...STATUS_CODES),
    statusMessage: text,
    resource,
    scope,
    attributes,
    events: fc.array(fc.record({ timestamp: time, name: text, attributes }), { maxLength: 3 }),
    links: fc.array(fc.record({ traceId: text, spanId: text, traceState: text, attributes }), {
      maxLength: 3,
    }),
  });
  return { log, span };
}
