import { describe, expect, it } from "vitest";
import { BatchCursor } from "./batch-cursor.ts";
import { type FieldHistory, FieldReader } from "./field-reader.ts";

const INTEGER = 3;
const TEXT = 5;
const ERROR = 7;

/** A place in the code whose records have been read so often, with the fields `a`, an integer, and `b`, a text. */
function readOften(times: number) {
  const cursor = new BatchCursor(new Uint32Array(64));
  const reader = new FieldReader(cursor);
  reader.names.push("a", "b", "error");
  const history: FieldHistory = { shape: undefined, unshaped: 0 };
  const read = (count: number, words: readonly number[], text = "") => {
    cursor.words.set(words);
    Object.assign(cursor, { at: 0, textAt: 0, text });
    reader.error = undefined;
    const fields = reader.fields(count, history);
    return { fields, error: reader.error, words: cursor.at, units: cursor.textAt };
  };
  const usual = (at: number) => read(2, [(1 << 8) | INTEGER, at, (2 << 8) | TEXT, 3], "one two");
  for (let at = 0; at < times; at++) {
    expect(usual(at)).toEqual({ fields: { a: at, b: "one" }, error: undefined, words: 4, units: 3 });
  }
  return { read, usual, history };
}

describe("fields of a place that logs often", () => {
  it("are read by a shape, and are the same", () => {
    const { history, usual } = readOften(1_000);
    expect(history).toMatchObject({ shape: { ids: [1, 2] }, unshaped: 100 });
    expect(JSON.stringify(usual(7).fields)).toBe('{"a":7,"b":"one"}');
  });

  it.each<[string, number, readonly number[], string, object]>([
    [
      "in another order",
      2,
      [(2 << 8) | TEXT, 3, (1 << 8) | INTEGER, 1],
      "two",
      { fields: { b: "two", a: 1 } },
    ],
    ["fewer", 1, [(1 << 8) | INTEGER, 1], "", { fields: { a: 1 } }],
    [
      "with a name that is written out",
      2,
      [(1 << 8) | INTEGER, 1, INTEGER, 4, 2],
      "long",
      { fields: { a: 1, long: 2 } },
    ],
    ["of other types", 2, [(1 << 8) | TEXT, 3, (2 << 8) | INTEGER, 2], "two", { fields: { a: "two", b: 2 } }],
    [
      "with what was thrown",
      2,
      [(1 << 8) | INTEGER, 1, (3 << 8) | ERROR, 1, 6],
      "failed",
      { fields: { a: 1 }, error: { message: "failed" } },
    ],
  ])("may be others all the same: %s", (_, count, words, text, expected) => {
    const { read, usual } = readOften(200);
    expect(read(count, words, text)).toMatchObject({ ...expected, words: words.length, units: text.length });
    expect(usual(3).fields).toEqual({ a: 3, b: "one" });
  });
});

it("a place that logs a few times has no shape", () => {
  expect(readOften(99).history).toEqual({ shape: undefined, unshaped: 99 });
});
