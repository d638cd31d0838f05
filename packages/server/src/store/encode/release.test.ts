import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EncodedRows } from "../../record/encoded-records.ts";
import type { LogRecord } from "../../record/record.ts";
import { idAt } from "../id.ts";
import { anyText, arbitraryRecords } from "../testing/arbitrary-records.ts";
import { logRecord } from "../testing/records.ts";
import type { Encoder, Rows } from "./encoder.ts";
import { joinRows } from "./joined-rows.ts";
import { createLogEncoder } from "./logs.ts";
import { createSpanEncoder } from "./spans.ts";
import { timeBounds } from "./timestamps.ts";

const NOW = Date.now();
const FIRST_ID = idAt(NOW);

/** As UTF-8 has it: counted again from the bytes, two lone surrogates are one name. */
const text = anyText.map((any) => Buffer.from(any, "utf8").toString("utf8"));
const { log, span } = arbitraryRecords(text);

function add<T>(encoder: Encoder<T>, records: readonly T[]): Encoder<T> {
  for (const record of records) encoder.add(record, "test", timeBounds(NOW));
  return encoder;
}

function bytesOf(rows: Rows, from = 0, to = rows.rows): Buffer {
  return Buffer.concat(rows.block(FIRST_ID, from, to));
}

/** Over to another thread, as far as memory goes. */
function moved(encoded: EncodedRows): EncodedRows {
  return structuredClone(encoded, { transfer: encoded.parts.map(({ buffer }) => buffer) });
}

/** Some records, most of which share the resource and the scope of the one before, and where they are cut. */
function runs<T extends Pick<LogRecord, "resource" | "scope">>(record: fc.Arbitrary<T>) {
  const shared = fc.array(fc.tuple(record, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 60 });
  const records = shared.map((all) => {
    let last = all[0]?.[0];
    return all.map(([one, dice]) => {
      last = dice === 0 || last === undefined ? one : { ...one, resource: last.resource, scope: last.scope };
      return last;
    });
  });
  return fc.tuple(records, fc.nat(60), fc.nat(60));
}

function keepsRows<T extends Pick<LogRecord, "resource" | "scope">>(
  createEncoder: () => Encoder<T>,
  record: fc.Arbitrary<T>,
): void {
  // The same one for all runs: it is as a new one once it has released its rows.
  const releasing = createEncoder();
  fc.assert(
    fc.property(runs(record), ([records, one, other]) => {
      const whole = add(createEncoder(), records);
      const adopted = createEncoder().adopt(moved(add(releasing, records).release()));
      expect([adopted.rows, adopted.bytes, releasing.rows, releasing.bytes]).toEqual([
        whole.rows,
        whole.bytes,
        0,
        0,
      ]);
      expect(bytesOf(adopted).equals(bytesOf(whole))).toBe(true);
      const [from, to] = [
        Math.min(one, other, records.length),
        Math.min(Math.max(one, other), records.length),
      ];
      expect(bytesOf(adopted, from, to).equals(bytesOf(whole, from, to))).toBe(true);
    }),
    { numRuns: 40 },
  );
}

describe("rows that were encoded elsewhere", () => {
  it("are the same blocks, of all and of a part, for logs", () => keepsRows(createLogEncoder, log));
  it("are the same blocks, of all and of a part, for spans", () => keepsRows(createSpanEncoder, span));

  it("are the same when their buffers are large enough to be moved as they are", () => {
    const records = Array.from({ length: 3000 }, (_, i) => logRecord({ body: `${i} `.repeat(300) }));
    const whole = add(createLogEncoder(), records);
    const releasing = createLogEncoder();
    const encoded = add(releasing, records).release();
    const adopted = createLogEncoder().adopt(moved(encoded));
    expect(encoded.parts.every(({ buffer }) => buffer.byteLength === 0)).toBe(true);
    expect(bytesOf(adopted).equals(bytesOf(whole))).toBe(true);
    expect(bytesOf(add(releasing, records)).equals(bytesOf(whole))).toBe(true);
  });

  it("take little more memory along than they need", () => {
    const encoder = add(createLogEncoder(), [logRecord({ body: "x".repeat(40 << 20) })]);
    encoder.reset();
    const { parts } = add(encoder, [logRecord()]).release();
    expect(parts.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)).toBeLessThan(10_000);
  });
});

describe("rows of several encoders", () => {
  const records = Array.from({ length: 9 }, (_, i) => logRecord({ body: `row ${i}` }));
  const pieces = [records.slice(0, 2), [], records.slice(2, 6), records.slice(6)].map((some) =>
    add(createLogEncoder(), some),
  );
  const joined = joinRows(pieces[0] as Rows);
  for (const piece of pieces.slice(1)) joined.append(piece);

  it("are as many as all of them", () => {
    expect(joined.rows).toBe(9);
    expect(joined.bytes).toBe(pieces.reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it.each([
    [0, 0, 0],
    [1, 0, 1],
    [2, 2, 0],
    [5, 2, 3],
    [8, 3, 2],
  ])("have row %i in piece %i as row %i", (row, piece, own) => {
    expect(joined.locate(row)).toEqual({ piece: pieces[piece], row: own });
  });

  it("have no row beyond the last", () => {
    expect(() => joined.locate(9)).toThrow(RangeError);
  });

  it.each([
    [0, 9, 2],
    [0, 6, 2],
    [2, 6, 4],
    [1, 3, 2],
    [6, 8, 7],
  ])("from %i to %i are best cut at %i", (from, to, middle) => {
    expect(joined.middle(from, to)).toBe(middle);
  });
});
