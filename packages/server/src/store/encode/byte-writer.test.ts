import { describe, expect, it } from "vitest";
import { ByteWriter, WriterFullError } from "./byte-writer.ts";

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

describe("a string", () => {
  const texts = [
    "",
    "a",
    "x".repeat(23),
    "x".repeat(24),
    "x".repeat(127),
    "x".repeat(128),
    "x".repeat(16_384),
  ];
  const others = ["é", "é".repeat(23), "é".repeat(64), "€".repeat(43), "🚀", "a\0b", "é".repeat(9000)];
  it.each([...texts, ...others].map((text) => [text.length, text.slice(0, 3), text]))(
    "of %i units (%s…) is its length in bytes and its bytes",
    (_, __, text) => {
      const writer = new ByteWriter(16);
      writer.string(text);
      const bytes = Buffer.from(text, "utf8");
      expect([...writer.written()]).toEqual([...varint(bytes.length), ...bytes]);
    },
  );

  it.each([
    ["\ud800", "\ufffd"],
    ["a\udc00b", "a\ufffdb"],
    [`${"x".repeat(30)}\ud83d`, `${"x".repeat(30)}\ufffd`],
  ])("with a lone surrogate (%j) has U+FFFD in its place", (text, stored) => {
    const writer = new ByteWriter();
    writer.string(text);
    expect(Buffer.from(writer.written()).subarray(1).toString("utf8")).toBe(stored);
  });
});

describe("a number", () => {
  it.each([
    [0, [0, 0, 0, 0, 0, 0, 0, 0]],
    [1, [1, 0, 0, 0, 0, 0, 0, 0]],
    [0xffff_ffff, [255, 255, 255, 255, 0, 0, 0, 0]],
    [2 ** 32 + 5, [5, 0, 0, 0, 1, 0, 0, 0]],
  ])("%i is 64 bits, low byte first, as a count", (value, bytes) => {
    const writer = new ByteWriter();
    writer.count(value);
    expect([...writer.written()]).toEqual(bytes);
  });

  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 40])("%i is a varint", (value) => {
    const writer = new ByteWriter();
    writer.varint(value);
    expect([...writer.written()]).toEqual(varint(value));
  });
});

describe("a writer", () => {
  it("keeps what it has as it grows, and forgets it at reset", () => {
    const writer = new ByteWriter(4);
    for (let i = 0; i < 100; i++) writer.uint8(i);
    expect([...writer.written()]).toEqual(Array.from({ length: 100 }, (_, i) => i));
    writer.reset();
    expect(writer.length).toBe(0);
  });

  it("refuses what would make it larger than a batch may be, and is as it was", () => {
    const writer = new ByteWriter(4);
    writer.uint8(1);
    expect(() => writer.string("x".repeat(180_000_000))).toThrow(WriterFullError);
    writer.uint8(2);
    expect([...writer.written()]).toEqual([1, 2]);
  });
});
