import fc from "fast-check";
import { expect, test } from "vitest";
import type { LogRecord } from "../../record/record.ts";
import { CanonicalReader, encodeRecord, isCanonical } from "./canonical.ts";
import { isJsonObject } from "./json.ts";
import { parseJson } from "./json-text.ts";

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("__proto__", "1234567890123456789"),
);
const pairs = fc.array(fc.tuple(text, text), { maxLength: 5 }).map((list) => list.flat());
const id = (digits: number) =>
  fc.oneof(
    fc.constant(""),
    fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits }),
  );
const time = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const record: fc.Arbitrary<LogRecord> = fc.record({
  timestamp: time,
  observedTimestamp: time,
  severityNumber: fc.nat(24),
  severityText: text,
  body: text,
  eventName: text,
  traceId: id(32),
  spanId: id(16),
  traceFlags: fc.nat(255),
  resource: fc.record({ attributes: pairs, schemaUrl: text, serviceName: text, host: text, runtime: text }),
  scope: fc.record({ name: text, version: text, schemaUrl: text, attributes: pairs }),
  attributes: pairs,
});

function decode(line: string, reader = new CanonicalReader()): LogRecord | undefined {
  const value = parseJson(line);
  return isJsonObject(value) && isCanonical(value) ? reader.read(value) : undefined;
}

test("every field of every record survives", () => {
  fc.assert(
    fc.property(record, (original) => {
      expect(decode(encodeRecord(original))).toEqual(original);
    }),
  );
});

test("records in a row share what they have in common", () => {
  const [sample] = fc.sample(record, 1);
  const reader = new CanonicalReader();
  const line = encodeRecord(sample!);
  const [first, second] = [decode(line, reader), decode(line, reader)];
  expect(second!.resource).toBe(first!.resource);
  expect(second!.scope).toBe(first!.scope);
});

test.each([
  ["timestamp", 1],
  ["timestamp", "soon"],
  ["timestamp", "99999999999999999999"],
  ["severity", [25, "X"]],
  ["severity", [9, 9]],
  ["body", { a: 1 }],
  ["trace", ["zz", "", 0]],
  ["trace", "x"],
  ["resource", ["", "", "", "", "odd"]],
  ["attributes", ["a", 1]],
  ["attributes", { a: "b" }],
])("refuses %s %j", (name, value) => {
  const [sample] = fc.sample(record, 1);
  expect(decode(JSON.stringify({ ...JSON.parse(encodeRecord(sample!)), [name]: value }))).toBeUndefined();
});
