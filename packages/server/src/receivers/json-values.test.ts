import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonValues } from "./json-values.ts";

const valuesIn = (text: string) =>
  [...jsonValues(Buffer.from(text))].filter((value) => value !== undefined).map(String);

describe("jsonValues takes apart", () => {
  it.each<[string, string, readonly string[]]>([
    ["nothing", " \n\t", []],
    ["one object", '{"a":1}', ['{"a":1}']],
    ["objects without anything between", '{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
    ["objects by line", '{"a":1}\r\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ["a list", '[{"a":[1,{"b":"]"}]}, {"c":{}}]', ['{"a":[1,{"b":"]"}]}', '{"c":{}}']],
    ["lists one after another", '[{"a":1}][{"b":2}]', ['{"a":1}', '{"b":2}']],
    ["a list of texts, numbers and lists", '["a,b", 1 ,[2],null]', ['"a,b"', "1", "[2]", "null"]],
    [
      "strings with brackets and escapes",
      String.raw`{"a":"}\"{\\"}{"b":1}`,
      [String.raw`{"a":"}\"{\\"}`, '{"b":1}'],
    ],
    ["a value that isn't closed", '{"a":1}{"b":"', ['{"a":1}', '{"b":"']],
    ["what is no JSON", 'oops {"a":1}', ["oops", '{"a":1}']],
    ["brackets closed too often", ']}{"a":1}', ["]", "}", '{"a":1}']],
  ])("%s", (_name, text, expected) => expect(valuesIn(text)).toEqual(expected));

  it("whatever values follow one another, in order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.constantFrom("", " ", "\n", ","),
        (objects, between) => {
          const texts = objects.map((object) => JSON.stringify(object));
          expect(valuesIn(texts.join(between))).toEqual(texts);
          expect(valuesIn(`[${texts.join(",")}]`)).toEqual(texts);
        },
      ),
    );
  });

  it.each([
    ["a long string", `"${"x".repeat(1 << 20)}"`],
    ["a string without an end", `"${"x".repeat(1 << 20)}`],
    ["nothing but brackets", "[".repeat(1 << 20)],
    ["nothing but blanks", " ".repeat(1 << 20)],
  ])("%s, and lets others have their turn", (_name, text) => {
    const turns = [...jsonValues(Buffer.from(text))].filter((value) => value === undefined);
    expect(turns.length).toBeGreaterThan(10);
  });

  it("any bytes, and comes to an end", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const values = [...jsonValues(Buffer.from(bytes))];
        expect(values.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
