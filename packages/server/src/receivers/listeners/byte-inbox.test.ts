import fc from "fast-check";
import { expect, it } from "vitest";
import { ByteInbox } from "./byte-inbox.ts";

it("gives all bytes once and in order, whatever is read of each chunk", () => {
  const chunk = fc.record({ bytes: fc.uint8Array({ maxLength: 600 }), read: fc.nat(700) });
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      const inbox = new ByteInbox();
      const read: Buffer[] = [];
      for (const { bytes, read: count } of chunks) {
        const all = inbox.add(Buffer.from(bytes));
        const end = Math.min(count, all.length);
        read.push(Buffer.from(all.subarray(0, end)));
        inbox.keep(all, end);
        expect(inbox.length).toBe(all.length - end);
      }
      read.push(Buffer.from(inbox.add(Buffer.alloc(0))));
      expect(Buffer.concat(read)).toEqual(Buffer.concat(chunks.map(({ bytes }) => bytes)));
    }),
  );
});

it("doesn't copy a chunk that is read at once", () => {
  const inbox = new ByteInbox();
  const chunk = Buffer.from("abc");
  expect(inbox.add(chunk)).toBe(chunk);
});

it("takes a million bytes one by one in no time", () => {
  const inbox = new ByteInbox();
  const byte = Buffer.of(120);
  const start = performance.now();
  for (let i = 0; i < 1_000_000; i++) inbox.keep(inbox.add(byte), 0);
  expect(inbox.length).toBe(1_000_000);
  expect(performance.now() - start).toBeLessThan(3_000);
});
