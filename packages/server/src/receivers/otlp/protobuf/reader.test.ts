import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PolylogError } from "../../../errors.ts";
import { internAscii, MAX_INTERNED } from "./interning.ts";
import { fieldSet, ProtobufReader } from "./reader.ts";

function readerOf(...bytes: number[]): ProtobufReader {
  return new ProtobufReader(Buffer.from(bytes));
}

const TEN = Array.from({ length: 10 }, () => 0xff);

describe("a protobuf reader", () => {
  const numbers: [number[], string][] = [
    [[0], "0"],
    [[0x7f], "127"],
    [[0x80, 0x01], "128"],
    [[0xff, 0xff, 0xff, 0xff, 0x0f], "4294967295"],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], "9007199254740991"],
    [[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10], "9007199254740992"],
    [[0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10], "9007199254740993"],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "9223372036854775807"],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "-1"],
    [[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], "-9223372036854775808"],
  ];
  it.each(numbers)("reads %j as the int64 %s", (bytes, digits) => {
    expect(readerOf(...bytes).readInt64()).toBe(digits);
  });

  it("reads text, and invalid UTF-8 as U+FFFD", () => {
    expect(readerOf(3, 0x61, 0xff, 0x62).readText()).toBe("a\ufffdb");
    expect(readerOf(2, 0xc3, 0xa9).readText()).toBe("é");
    expect(readerOf(0).readText()).toBe("");
  });

  const malformed: [string, (reader: ProtobufReader) => unknown, number[]][] = [
    ["an empty number", (reader) => reader.readInt64(), []],
    ["a number that ends early", (reader) => reader.readInt64(), [0x80]],
    ["a number of eleven bytes", (reader) => reader.readInt64(), [...TEN, 1]],
    ["a tag of field 0", (reader) => reader.readTag(), [0x02]],
    ["a tag of more than 32 bits", (reader) => reader.readTag(), [0xff, 0xff, 0xff, 0xff, 0x7f]],
    ["a text longer than the message", (reader) => reader.readText(), [5, 0x61]],
    ["a length of 2^63", (reader) => reader.readText(), [...TEN.slice(1), 0x01]],
    ["a message longer than the one around it", (reader) => reader.enter(), [2, 0]],
    ["hex longer than the message", (reader) => reader.readHex(), [2, 0]],
    ["a fixed64 of 7 bytes", (reader) => reader.readFixed64(), [1, 2, 3, 4, 5, 6, 7]],
    ["a double of 7 bytes", (reader) => reader.readDouble(), [1, 2, 3, 4, 5, 6, 7]],
    ["a fixed32 of 3 bytes", (reader) => reader.readFixed32(), [1, 2, 3]],
    ["a skipped text past the end", (reader) => reader.skip(0x7a, 0), [2, 0]],
    ["a group, which OTLP has none of", (reader) => reader.skip(0x7b, 0), []],
    ["the wire type 7", (reader) => reader.skip(0x7f, 0), []],
    ["a known field of another type", (reader) => reader.skip(0x08, fieldSet(1)), [1]],
  ];
  it.each(malformed)("refuses %s", (_name, read, bytes) => {
    const attempt = () => read(readerOf(...bytes));
    expect(attempt).toThrow(PolylogError);
    expect(attempt).toThrow(/^the protobuf at byte \d+ /);
  });

  it("skips fields that nobody knows, of every wire type", () => {
    const reader = readerOf(...[0x81, 0x01], ...[1, 2, 3, 4, 5, 6, 7, 8], ...[2, 1, 2], ...[1, 2, 3, 4]);
    reader.skip(0x78, fieldSet(1));
    reader.skip(0x79, fieldSet(1));
    reader.skip(0x7a, fieldSet(1));
    reader.skip(0x7d, fieldSet(1));
    expect(reader.hasMore()).toBe(false);
  });

  it("keeps a message's fields within it", () => {
    const reader = readerOf(2, 4, 0x61, 0x62, 0x63, 0x64);
    const outer = reader.enter();
    expect(() => reader.readText()).toThrow(PolylogError);
    reader.leave(outer);
    expect(reader.position).toBe(3);
    expect(reader.end).toBe(6);
  });

  it("reads bytes that lie within a larger buffer", () => {
    const bytes = Buffer.concat([
      Buffer.from([99]),
      Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from([99]),
    ]);
    expect(new ProtobufReader(bytes.subarray(1, 9)).readFixed64()).toBe(1n);
  });
});

describe("interned text", () => {
  const ascii = fc.string({ unit: "binary-ascii", minLength: 1, maxLength: MAX_INTERNED });

  it("is the same as decoded text, at any place, seen before or not", () => {
    fc.assert(
      fc.property(fc.array(ascii, { minLength: 1, maxLength: 20 }), fc.nat(7), (texts, offset) => {
        for (const text of [...texts, ...texts]) {
          const bytes = Buffer.from(`${"x".repeat(offset)}${text}tail`);
          const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
          expect(internAscii(bytes, view, offset, offset + text.length)).toBe(text);
        }
      }),
    );
  });

  it("is undefined for bytes beyond ASCII, wherever they are", () => {
    for (let length = 1; length <= 9; length++) {
      for (let at = 0; at < length; at++) {
        const bytes = Buffer.alloc(length, "a");
        bytes[at] = 0x80;
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        expect(internAscii(bytes, view, 0, length)).toBeUndefined();
      }
    }
  });
});
