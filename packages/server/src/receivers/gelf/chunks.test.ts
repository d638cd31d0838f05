import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { ChunkAssembler, isChunk } from "./chunks.ts";

const SENDER = "10.0.0.5";

/** The chunks of a message. */
function chunked(message: Buffer, count: number, id = "12345678"): Buffer[] {
  const size = Math.ceil(message.length / count);
  return Array.from({ length: count }, (_, number) =>
    chunk(number, count, message.subarray(number * size, (number + 1) * size), id),
  );
}

function chunk(number: number, count: number, content: Buffer | string, id = "12345678"): Buffer {
  const head = Buffer.concat([Buffer.of(0x1e, 0x0f), Buffer.from(id), Buffer.of(number, count)]);
  return Buffer.concat([head, Buffer.from(content)]);
}

let lost: string[];
beforeEach(() => {
  lost = [];
});
const assembler = (limits?: { bytes: number; messages: number }) =>
  new ChunkAssembler((reason) => lost.push(reason), limits);

describe("chunks of GELF", () => {
  it("are put together in whatever order they come, each counted once", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 200, maxLength: 400 }),
        fc.integer({ min: 1, max: 128 }),
        (bytes, n) => {
          const message = Buffer.from(bytes);
          const size = Math.ceil(message.length / n);
          const parts = chunked(message, Math.ceil(message.length / size)).reverse();
          const chunks = assembler();
          for (const part of parts.slice(0, -1)) {
            expect(isChunk(part)).toBe(true);
            expect(chunks.add(part, SENDER, 0)).toBeUndefined();
            expect(chunks.add(part, SENDER, 0)).toBeUndefined();
          }
          expect(chunks.add(parts.at(-1)!, SENDER, 0)).toEqual({ message });
          expect(chunks.heldBytes).toBe(0);
        },
      ),
    );
  });

  it("of two senders with one id are two messages", () => {
    const chunks = assembler();
    expect(chunks.add(chunk(0, 2, "a"), "10.0.0.5", 0)).toBeUndefined();
    expect(chunks.add(chunk(1, 2, "b"), "10.0.0.6", 0)).toBeUndefined();
    expect(chunks.add(chunk(1, 2, "c"), "10.0.0.5", 0)).toEqual({ message: Buffer.from("ac") });
  });

  it.each<[what: string, datagram: Buffer]>([
    ["more than 128 of them", chunk(0, 129, "a")],
    ["a number beyond the count", chunk(2, 2, "a")],
    ["a count of none", chunk(0, 0, "a")],
    ["nothing in it", chunk(0, 2, "")],
    ["half a head", chunk(0, 2, "").subarray(0, 7)],
  ])("with %s are refused", (_what, datagram) => {
    expect(assembler().add(datagram, SENDER, 0)).toEqual({ reason: expect.stringContaining("chunk") });
  });

  it("that disagree about their count are refused, and their message is given up", () => {
    const chunks = assembler();
    chunks.add(chunk(0, 3, "a"), SENDER, 0);
    expect(chunks.add(chunk(1, 2, "b"), SENDER, 0)).toMatchObject({
      reason: expect.stringContaining("count"),
    });
    expect(chunks.heldBytes).toBe(0);
  });

  it("that aren't complete after five seconds are given up and counted", () => {
    const chunks = assembler();
    chunks.add(chunk(0, 2, "a"), SENDER, 0);
    chunks.expire(4_999);
    expect([chunks.heldBytes, lost]).toEqual([1, []]);
    chunks.expire(5_000);
    expect([chunks.heldBytes, lost]).toEqual([0, ["incomplete"]]);
  });

  it("that are never completed don't fill the memory: the oldest go", () => {
    const chunks = assembler({ bytes: 1000, messages: 50 });
    for (let i = 0; i < 10_000; i++)
      chunks.add(chunk(0, 2, "x".repeat(i % 90), `id${String(i).padStart(6, "0")}`), SENDER, 0);
    expect(chunks.heldBytes).toBeLessThanOrEqual(1000);
    expect(lost.length).toBeGreaterThan(9_000);
    expect(new Set(lost)).toEqual(new Set(["full"]));
    const last = chunk(0, 2, "a", "idlatest");
    chunks.add(last, SENDER, 0);
    expect(chunks.add(chunk(1, 2, "b", "idlatest"), SENDER, 0)).toEqual({ message: Buffer.from("ab") });
  });

  it("of any bytes do no harm", () => {
    const chunks = assembler();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        chunks.add(Buffer.concat([Buffer.of(0x1e, 0x0f), bytes]), SENDER, 0);
      }),
      { numRuns: 3000 },
    );
  });
});
