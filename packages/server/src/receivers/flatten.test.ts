import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { addFlat, addNamed, textOf } from "./flatten.ts";

function flat(name: string, value: unknown): string[] {
  const pairs: string[] = [];
  addFlat(pairs, name, value);
  return pairs;
}

test.each<[unknown, string[]]>([
  [{ id: 7, username: "kim" }, ["user.id", "7", "user.name", "kim"]],
  ["kim", ["user", "kim"]],
  [["kim"], ["user", '["kim"]']],
  [undefined, []],
])("addNamed makes pairs of %j", (value, pairs) => {
  const added: string[] = [];
  addNamed(added, "user", value, new Map([["username", "user.name"]]));
  expect(added).toEqual(pairs);
});

describe("addFlat", () => {
  test.each<[unknown, string[]]>([
    ["text", ["a", "text"]],
    ["", ["a", ""]],
    [0.5, ["a", "0.5"]],
    [false, ["a", "false"]],
    [null, []],
    [undefined, []],
    [{}, ["a", "{}"]],
    [[], ["a", "[]"]],
    [{ b: { c: 1 }, d: [1, { e: 2 }] }, ["a.b.c", "1", "a.d", '[1,{"e":2}]']],
    [JSON.parse('{"__proto__":{"x":1}}'), ["a.__proto__.x", "1"]],
  ])("makes pairs of %j", (value, pairs) => {
    expect(flat("a", value)).toEqual(pairs);
  });

  it("gives an object without a name its own names", () => {
    expect(flat("", { a: 1, b: { c: 2 } })).toEqual(["a", "1", "b.c", "2"]);
    expect(flat("", {})).toEqual([]);
  });

  it("counts what is over 1,024 attributes", () => {
    const many = Object.fromEntries(Array.from({ length: 1030 }, (_, i) => [`k${i}`, i]));
    const pairs = flat("", many);
    expect(pairs).toHaveLength(2 * 1025);
    expect(pairs.slice(-4)).toEqual(["k1023", "1023", "polylog.dropped_attributes", "6"]);
  });

  it("keeps what is nested too deeply as text", () => {
    let value: unknown = 1;
    for (let i = 0; i < 40; i++) value = { a: value };
    const [name, text] = flat("a", value);
    expect(name).toBe(Array(33).fill("a").join("."));
    expect(JSON.parse(text!)).toMatchObject({ a: { a: {} } });
    expect(flat("a", JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`))).toHaveLength(2);
  });

  it("makes pairs of texts whatever the value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const pairs = flat("a", value);
        expect(pairs.length % 2).toBe(0);
        expect(pairs.every((text) => typeof text === "string")).toBe(true);
      }),
    );
  });
});

test.each<[unknown, string]>([
  ["x", "x"],
  [7, "7"],
  [null, ""],
  [undefined, ""],
  [{ a: [1] }, '{"a":[1]}'],
])("textOf(%j) is %j", (value, text) => {
  expect(textOf(value)).toBe(text);
});
