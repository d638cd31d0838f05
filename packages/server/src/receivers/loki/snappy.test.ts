import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uncompressSnappy } from "./snappy.ts";
import { compressSnappy } from "./testing/push-request.ts";

const LIMIT = 8 << 20;

function uncompress(input: Buffer, limit = LIMIT): Buffer {
  const steps = uncompressSnappy(input, limit);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

describe("uncompressSnappy", () => {
  it("gives back what was compressed, whatever it was", () => {
    // Texts that repeat themselves near and far, which makes every kind of element.
    const texts = fc.array(
      fc.oneof(fc.string({ maxLength: 200 }), fc.constantFrom("abab", "x".repeat(3000), "log line ")),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          texts.map((parts) => Buffer.from(parts.join(""))),
        ),
        (bytes) => {
          expect(uncompress(compressSnappy(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
        },
      ),
    );
  });

  it("undoes megabytes, and lets others have their turn meanwhile", () => {
    const bytes = Buffer.alloc(3 << 20, "a line of a log, number 17; ");
    const steps = uncompressSnappy(compressSnappy(bytes), LIMIT);
    let turns = 0;
    let result = steps.next();
    for (; !result.done; result = steps.next()) turns++;
    expect(turns).toBeGreaterThan(8);
    expect(bytes.equals(result.value as Buffer)).toBe(true);
  });

  it("reads lengths and offsets of several bytes", () => {
    const literal = Buffer.alloc(300, "abc");
    // 304 in all: a literal of 300, whose length less one takes two bytes, and a copy of 4 from 3 before.
    const encoded = [0xb0, 0x02, 61 << 2, 0x2b, 0x01, ...literal, (3 << 2) | 3, 3, 0, 0, 0];
    expect(String(uncompress(Buffer.from(encoded)))).toBe(`${literal}abca`);
  });

  it.each<[string, number[], string]>([
    ["nothing", [], "has no length"],
    ["a length without an end", [0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "has no length"],
    ["a length that lies", [0xff, 0xff, 0xff, 0x7f, 0, 97], "more than its bytes can make"],
    ["a literal past the end", [5, 4 << 2, 97], "longer than what is left"],
    ["a literal past the length", [1, 4 << 2, 97, 97, 97, 97, 97], "longer than what is left"],
    ["a copy of nothing", [4, 1, 0], "outside"],
    ["a copy from before the beginning", [5, 0, 97, 1, 2], "outside"],
    ["a copy that is cut", [5, 0, 97, 2, 1], "ends within a copy"],
    ["a literal's length that is cut", [5, 60 << 2], "ends within a literal"],
    ["less than it says", [9, 0, 97], "shorter than it says"],
  ])("refuses %s", (_name, bytes, message) => {
    expect(() => uncompress(Buffer.from(bytes))).toThrow(message);
  });

  it("refuses more than the limit, before it takes memory", () => {
    expect(() => uncompress(compressSnappy(Buffer.alloc(2 << 20)), 1 << 20)).toThrow(
      "larger than 1048576 bytes",
    );
  });

  it("gives bytes or a refusal of anything", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          uncompress(Buffer.from(bytes));
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/BAD_REQUEST|TOO_LARGE/) });
        }
      }),
    );
  });
});
