import fc from "fast-check";
import { expect, it } from "vitest";
import { Column64 } from "./columns.ts";

const bytesOf = (column: Column64, rows: number): Buffer => Buffer.concat(column.slice(0, rows));

it("writes a time in milliseconds and nanoseconds as it writes all its nanoseconds", () => {
  const nanoseconds = fc.bigInt({ min: 0n, max: 2n ** 62n });
  fc.assert(
    fc.property(fc.array(nanoseconds, { maxLength: 1500 }), (times) => {
      const [whole, parts] = [new Column64("a", "UInt64"), new Column64("a", "UInt64")];
      for (const time of times) {
        whole.add(time);
        parts.addTime(Number(time / 1_000_000n), Number(time % 1_000_000n));
      }
      expect(bytesOf(parts, times.length)).toEqual(bytesOf(whole, times.length));
    }),
  );
});
