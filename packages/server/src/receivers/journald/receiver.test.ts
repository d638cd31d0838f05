import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { RecordBuilder } from "../../formats/record-builder.ts";
import { ExportReader } from "./export-reader.ts";
import { recordOfEntry } from "./record.ts";

const NOW = 1_795_257_667_000_000_000n;

function binary(name: string, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from("\n")]);
}

function entries(bytes: Buffer | string, chunkBytes = Number.POSITIVE_INFINITY) {
  const reader = new ExportReader();
  const all = Buffer.from(bytes);
  for (let at = 0; at < all.length; at += chunkBytes) {
    reader.push(all.subarray(at, Math.min(all.length, at + chunkBytes)));
  }
  reader.end();
  return reader.take();
}

const texts = (bytes: Buffer | string, chunkBytes?: number) =>
  entries(bytes, chunkBytes).map(({ fields }) => fields.map(([name, value]) => `${name}=${value}`));

describe("the export format", () => {
  test.each<[string, Buffer | string, string[][]]>([
    ["one entry", "MESSAGE=a=b\nPRIORITY=6\n\n", [["MESSAGE=a=b", "PRIORITY=6"]]],
    ["entries with empty lines between and none at the end", "A=1\n\n\n\nB=\n", [["A=1"], ["B="]]],
    [
      "a field with newlines",
      Buffer.concat([binary("MESSAGE", "a\n\nb\n"), Buffer.from("B=2\n\n")]),
      [["MESSAGE=a\n\nb\n", "B=2"]],
    ],
    ["an empty binary field", Buffer.concat([binary("A", ""), Buffer.from("\n")]), [["A="]]],
    ["nothing", "", []],
  ])("of %s", (_, bytes, expected) => {
    for (const chunkBytes of [undefined, 1, 3, 10]) expect(texts(bytes, chunkBytes)).toEqual(expected);
  });

  test.each<[string, Buffer | string]>([
    ["that ends within a line", "MESSAGE=a"],
    ["that ends within a length", "MESSAGE\n\x01\0\0"],
    ["that ends within a binary field", binary("MESSAGE", "abc").subarray(0, -2)],
    [
      "whose length is too small",
      Buffer.concat([Buffer.from("M\n\x01\0\0\0\0\0\0\0"), Buffer.from("abc\n")]),
    ],
    [
      "whose length is beyond all bounds",
      Buffer.concat([Buffer.from("M\n"), Buffer.alloc(8, 0xff), Buffer.from("a\n")]),
    ],
    [
      "whose length is of gigabytes",
      Buffer.concat([Buffer.from("M\n\0\0\0\0\x05\0\0\0"), Buffer.from("a\n")]),
    ],
    ["with a field without a name", "=a\n"],
    ["with a name without an end", `${"A".repeat(300)}=a\n`],
  ])("%s is refused", (_, bytes) => {
    for (const chunkBytes of [undefined, 1, 3]) {
      expect(() => entries(bytes, chunkBytes)).toThrow(/not in the journal's export format/);
    }
  });

  it("of a field that is too large keeps the other fields", () => {
    const large = Buffer.alloc(5 << 20, "x");
    const ends = Buffer.from("\nB=2\n\nC=3\n\n");
    for (const bytes of [
      Buffer.concat([Buffer.from("A=1\n"), binary("M", large), ends.subarray(1)]),
      Buffer.concat([Buffer.from("A=1\nM="), large, ends]),
    ]) {
      for (const chunkBytes of [undefined, 1000]) {
        const [first, second] = entries(bytes, chunkBytes);
        expect(first!.fields.map(([name]) => name)).toEqual(["A", "B"]);
        expect(first!.droppedBytes).toBeGreaterThanOrEqual(large.length);
        expect(second).toMatchObject({ fields: [["C", Buffer.from("3")]], droppedBytes: 0 });
      }
    }
  });

  it("is read the same in whatever chunks, or refused", () => {
    const field = fc.oneof(
      fc
        .tuple(fc.constantFrom("MESSAGE", "A", ""), fc.string())
        .map(([name, value]) => Buffer.from(`${name}=${value}\n`)),
      fc.uint8Array({ maxLength: 20 }).map((value) => binary("B", Buffer.from(value))),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      fc.constant(Buffer.from("\n")),
    );
    fc.assert(
      fc.property(fc.array(field), fc.integer({ min: 1, max: 20 }), (fields, chunkBytes) => {
        const outcome = (bytes?: number) => {
          try {
            return texts(Buffer.concat(fields), bytes);
          } catch (error) {
            expect(error).toMatchObject({ code: "POLYLOG_E_BAD_REQUEST" });
            return "refused";
          }
        };
        expect(outcome(chunkBytes)).toEqual(outcome());
      }),
      { numRuns: 1000 },
    );
  });
});

describe("an entry", () => {
  const record = (bytes: Buffer | string) => recordOfEntry(entries(bytes)[0]!, new RecordBuilder(), NOW);

  it("becomes a record with all that it holds", () => {
    const text = [
      ...[
        "__CURSOR=s=1;i=2",
        "__REALTIME_TIMESTAMP=1795257667123456",
        "_SOURCE_REALTIME_TIMESTAMP=1795257667123400",
      ],
      ...[
        "_HOSTNAME=web-1",
        "PRIORITY=4",
        "SYSLOG_IDENTIFIER=shop",
        "SYSLOG_FACILITY=3",
        "_PID=12",
        "_SYSTEMD_UNIT=shop.service",
      ],
      ...[
        "MESSAGE=order 7 is late",
        "CODE_FILE=shop.c",
        "CODE_LINE=7",
        "CODE_FUNC=main",
        "ORDER=7",
        "TAG=a",
        "TAG=b",
      ],
      ...["LOGGER=shop.orders", "TRACE_ID=0af7651916cd43dd8448eb211c80319c", "SPAN_ID=oops"],
    ].join("\n");
    expect(record(`${text}\n\n`)).toMatchObject({
      ...{ timestamp: 1_795_257_667_123_400_000n, observedTimestamp: NOW, body: "order 7 is late" },
      ...{
        severityNumber: 13,
        severityText: "warning",
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "",
      },
      resource: { host: "web-1", serviceName: "shop" },
      scope: { name: "shop.orders" },
      attributes: [
        ...["__CURSOR", "s=1;i=2", "__REALTIME_TIMESTAMP", "1795257667123456", "syslog.facility", "daemon"],
        ...["process.pid", "12", "_SYSTEMD_UNIT", "shop.service", "code.file.path", "shop.c"],
        ...[
          "code.line.number",
          "7",
          "code.function.name",
          "main",
          "ORDER",
          "7",
          "TAG",
          '["a","b"]',
          "SPAN_ID",
          "oops",
        ],
      ],
    });
  });

  test.each<[string, Buffer | string, Record<string, unknown>]>([
    [
      "the journal's time only",
      "__REALTIME_TIMESTAMP=1795257667123456\n",
      { timestamp: 1_795_257_667_123_456_000n, attributes: [] },
    ],
    ["no time", "MESSAGE=a\n", { timestamp: NOW }],
    [
      "a time that is none",
      "__REALTIME_TIMESTAMP=noon\n",
      { timestamp: NOW, attributes: ["__REALTIME_TIMESTAMP", "noon"] },
    ],
    ["a priority that is none", "PRIORITY=9\n", { severityNumber: 0, attributes: ["PRIORITY", "9"] }],
    ["a unit and no identifier", "_SYSTEMD_UNIT=shop.service\n", { resource: { serviceName: "shop" } }],
    [
      "bytes that are no text",
      binary("MESSAGE", Buffer.from([0x61, 0xff])),
      { body: "a\u{fffd}", attributes: ["MESSAGE.base64", "Yf8="] },
    ],
    [
      "a traceback",
      binary(
        "EXCEPTION_TEXT",
        'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 7',
      ),
      { attributes: expect.arrayContaining(["exception.type", "KeyError", "exception.message", "7"]) },
    ],
  ])("with %s", (_, bytes, expected) => {
    expect(record(bytes)).toMatchObject(expected);
  });
});
