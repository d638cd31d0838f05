import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../record/record.ts";
import { plainRecord } from "../../record/testing/plain-record.ts";
import { createLogEncoder } from "../../store/encode/logs.ts";
import { timeBounds } from "../../store/encode/timestamps.ts";
import { RecordBuilder } from "../record-builder.ts";
import { UTC } from "../time/zone.ts";
import { draftOfObject, isJsonObject } from "./json.ts";
import { parseJson } from "./json-text.ts";
import { PlainLineReader } from "./plain-line.ts";

const NOW = 1_763_721_667_123_456_789n;
const CLOCK = { zone: UTC, reference: Number(NOW / 1_000_000n) };

function read(line: string | Uint8Array): LogRecord | undefined {
  const bytes = Buffer.from(line);
  const record = new PlainLineReader(new RecordBuilder(), CLOCK, NOW).read(bytes, 0, bytes.length);
  return record && plainRecord(record);
}

/** As any line of JSON is read; undefined when it is none. */
function readThoroughly(line: string): LogRecord | undefined {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  return new RecordBuilder().build(draftOfObject(value, CLOCK, line), NOW, NOW);
}

describe("a plain line", () => {
  it.each([
    [
      "of pino",
      '{"level":30,"time":1763721667123,"pid":42,"hostname":"web-1","name":"shop","msg":"paid","orderId":7}',
    ],
    [
      "of winston",
      '{"level":"info","message":"paid","timestamp":"2026-11-21T10:41:07.123Z","service":"shop"}',
    ],
    [
      "of Python, with blanks",
      '{"asctime": "2026-11-21 10:41:07,123", "levelname": "INFO", "message": "paid"}',
    ],
    ["with ids", '{"msg":"a","trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331"}'],
    [
      "with all kinds of values",
      '{"msg":"a","b":true,"c":false,"d":null,"e":-1.5,"f":0,"g":"","h":0.000001}',
    ],
    ["of characters beyond ASCII", '{"msg":"Grüße aus Zürich 🚀","user":"jürgen"}'],
    ["whose message is a number", '{"msg":5}'],
    ["with a time of nanoseconds", '{"msg":"a","time":"2026-11-21T10:41:07.123456789Z"}'],
    ["with a time without a fraction", '{"msg":"a","time":"2026-11-21T10:41:07Z"}'],
    ["with a time of another zone", '{"msg":"a","time":"2026-11-21T10:41:07.5+02:00"}'],
    ["with a time before 1970", '{"msg":"a","time":"1969-07-20T20:17:40.5Z"}'],
    ["that ends with blanks", '{"msg":"a"} \t'],
  ])("is read as any other: %s", (_, line) => {
    const record = read(line);
    expect(record).toBeDefined();
    expect(record).toEqual(readThoroughly(line));
  });

  it("may follow others that had the same names in another order", () => {
    const reader = new PlainLineReader(new RecordBuilder(), CLOCK, NOW);
    for (const line of [
      '{"msg":"a","x":1,"y":2}',
      '{"y":1,"msg":"b","x":2}',
      '{"msg":"c","y":1}',
      '{"x":"z","msg":"d"}',
    ]) {
      const bytes = Buffer.from(`${line}\n`);
      const record = reader.read(bytes, 0, bytes.length - 1);
      expect(record && plainRecord(record)).toEqual(readThoroughly(line));
    }
  });
});

describe("a line is left to others", () => {
  it.each([
    ["that is none", "hello"],
    ["that is cut off", '{"msg":"a"'],
    ["that goes on", '{"msg":"a"} x'],
    ["without a message", '{"a":"b"}'],
    ["with an escape", '{"msg":"a\\nb"}'],
    ["with an escape in a name", '{"m\\u0073g":"a"}'],
    ["with an object in it", '{"msg":"a","b":{"c":1}}'],
    ["with a list in it", '{"msg":"a","b":[1]}'],
    ["with a name twice", '{"msg":"a","b":1,"b":2}'],
    ["with two times", '{"msg":"a","time":"2026-11-21T10:41:07Z","timestamp":"2026-11-21T10:41:08Z"}'],
    ["with a time that is none", '{"msg":"a","time":"soon"}'],
    ["with a level that is none", '{"msg":"a","level":"high"}'],
    ["with a status for a level", '{"msg":"a","status":3}'],
    ["with a trace id of another kind", '{"msg":"a","trace_id":"0AF7651916CD43DD8448EB211C80319C"}'],
    ["with a trace id of zeros", '{"msg":"a","trace_id":"00000000000000000000000000000000"}'],
    ["with a number of an exponent", '{"msg":"a","b":1e3}'],
    ["with a number of sixteen digits", '{"msg":"a","b":9007199254740993}'],
    ["with a number as a name", '{"msg":"a","7":"b"}'],
    ["with a name that is empty", '{"msg":"a","":"b"}'],
    ["of which `name` may not be the logger's", '{"msg":"a","name":"Ada"}'],
    ["with an exception", '{"msg":"a","stack":"Error: b"}'],
    ["of Polylog's own programs", '{"polylog":1,"msg":"a","severity":"info"}'],
    ["with a control character", '{"msg":"a\u0001"}'],
    ["of names beyond ASCII", '{"msg":"a","größe":1}'],
    ["of very many fields", `{"msg":"a",${Array.from({ length: 64 }, (_, i) => `"f${i}x":1`)}}`],
    ["with a very long name", `{"msg":"a","${"x".repeat(200)}":1}`],
    ["of bytes that are no UTF-8", Buffer.from('{"msg":"\xff"}', "latin1")],
  ])("%s", (_, line) => {
    expect(read(line)).toBeUndefined();
  });
});

const NAMES = [
  ...[
    "time",
    "timestamp",
    "ts",
    "level",
    "severity",
    "status",
    "msg",
    "message",
    "logger",
    "name",
    "service",
    "host",
  ],
  ...[
    "hostname",
    "pid",
    "trace_id",
    "span_id",
    "flags",
    "text",
    "stack",
    "err",
    "system",
    "event",
    "polylog",
  ],
  ...["a", "b", "http.route", "duration_ms", "0", "__proto__", "constructor", "größe", ""],
];
const VALUES = [
  ...[
    "info",
    "WARN",
    "error",
    "30",
    "7",
    "checkout",
    "2026-11-21T10:41:07.123Z",
    "2026-02-30T00:00:00Z",
    "soon",
    "",
  ],
  ...["2026-11-21T24:00:00Z", "2026-11-21T10:41:60Z", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"],
  ...['with "quotes"', "two\nlines", "Grüße", "🚀", " ", "\u2028"],
];
const value = fc.oneof(
  fc.constantFrom(...VALUES),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.integer({ min: -1000, max: 2_000_000_000 }),
  fc.constantFrom(30, 1_763_721_667_123, 1_763_721_667.5, 1e21, 1e-7, 0.1, -0, 123_456_789.012_345_67),
  fc.double({ noNaN: true }),
  fc.constantFrom(true, false, null),
  fc.constantFrom([1], { b: 1 }),
);
/** Each name with what it mostly has: one in three lines is plain then. */
const usual = fc.oneof(
  fc.tuple(fc.constantFrom("a", "b", "http.route", "duration_ms", "constructor"), value),
  fc.tuple(
    fc.constantFrom("time", "ts"),
    fc.constantFrom("2026-11-21T10:41:07.5Z", 1_763_721_667, 1_763_721_667.25),
  ),
  fc.tuple(fc.constantFrom("level", "severity"), fc.constantFrom("info", "WARN", 30, 7)),
  fc.tuple(
    fc.constantFrom("service", "host", "logger", "name"),
    fc.constantFrom("checkout", "Zürich", "web-1"),
  ),
  fc.tuple(fc.constant("pid"), fc.nat()),
);
const field = fc.oneof({ weight: 6, arbitrary: usual }, fc.tuple(fc.constantFrom(...NAMES), value));
const object = fc
  .tuple(
    fc.array(field, { maxLength: 6 }),
    fc.constantFrom("msg", "message", "a"),
    fc.string({ minLength: 1 }),
  )
  .map(([fields, name, text]) => [...new Map<string, unknown>([...fields, [name, text]])]);
/** Texts of one object: as `JSON.stringify` writes it, and with blanks as Python does. */
const line = fc.tuple(object, fc.boolean()).map(([pairs, isWide]) => {
  const fields = pairs.map(
    ([name, value]) => `${JSON.stringify(name)}:${isWide ? " " : ""}${JSON.stringify(value)}`,
  );
  return `{${fields.join(isWide ? ", " : ",")}}`;
});

it("never gives another record than any line of JSON would be", () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 20, arbitrary: line }, fc.json(), fc.string()), (text) => {
      const record = read(text);
      if (record === undefined) return;
      plain++;
      expect(record).toEqual(readThoroughly(text));
    }),
    { numRuns: 20_000 },
  );
  expect(plain).toBeGreaterThan(4_000);
});

it("is encoded to the same bytes as the same record of texts", () => {
  const bounds = timeBounds(CLOCK.reference);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (texts) => {
      const [ofBytes, ofTexts] = [createLogEncoder(), createLogEncoder()];
      const reader = new PlainLineReader(new RecordBuilder(), CLOCK, NOW);
      for (const text of texts) {
        const bytes = Buffer.from(`${text}\n`);
        const record = reader.read(bytes, 0, bytes.length - 1);
        if (record === undefined) continue;
        ofBytes.add(record, "jsonl", bounds);
        ofTexts.add(plainRecord(record), "jsonl", bounds);
      }
      expect(Buffer.concat(ofBytes.block(1n))).toEqual(Buffer.concat(ofTexts.block(1n)));
    }),
    { numRuns: 1_000 },
  );
});
