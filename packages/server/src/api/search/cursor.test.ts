import fc from "fast-check";
import { expect, it } from "vitest";
import { readCursor, writeCursor } from "./cursor.ts";

it("reads what it wrote", () => {
  const place = fc.record({ timestamp: fc.bigInt(0n, 2n ** 63n - 1n), id: fc.bigInt(0n, 2n ** 64n - 1n) });
  fc.assert(
    fc.property(place, (cursor) => {
      expect(readCursor(writeCursor(cursor))).toEqual(cursor);
    }),
  );
});

it("refuses everything else", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^\d+-\d+$/.test(text));
      expect(() => readCursor(text)).toThrowError(expect.objectContaining({ code: "POLYLOG_E_BAD_REQUEST" }));
    }),
  );
});
