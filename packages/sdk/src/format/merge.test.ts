import { describe, expect, it } from "vitest";
import { createJsonWriter } from "./json-writer.ts";
import { merge } from "./merge.ts";

describe("fields of a record that are no plain object", () => {
  const writer = createJsonWriter(undefined);

  it.each<[string, object]>([
    ["a map", new Map<unknown, unknown>([["id", 17]])],
    ["a map of other keys", new Map<unknown, unknown>([[1, 2]])],
    ["a list", [1, 2]],
    [
      "a class of one's own",
      new (class Order {
        readonly id = 17;
      })(),
    ],
    [
      "toJSON of a text",
      new (class Price {
        toJSON = () => "3 EUR";
      })(),
    ],
    [
      "toJSON of null",
      new (class Null {
        toJSON = () => null;
      })(),
    ],
    [
      "toJSON of nothing",
      new (class Nothing {
        toJSON = () => undefined;
      })(),
    ],
  ])("are those that a line has: %s", (_, fields) => {
    expect(merge(undefined, fields)).toEqual(JSON.parse(`${writer.fields(fields, true) || "{"}}`));
  });
});
