import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseJson } from "../formats/json/json-text.ts";
import { parseElement, takeLists } from "./json-lists.ts";

function taken(text: string, wholeBytes: number): unknown {
  const steps = takeLists(Buffer.from(text), new Set(["logs"]), wholeBytes);
  for (;;) {
    const { done, value } = steps.next();
    if (!done) continue;
    const texts = (elements: readonly unknown[]) =>
      elements.map((element) => (element instanceof Buffer ? String(element) : JSON.stringify(element)));
    return {
      rest: value.rest,
      ...Object.fromEntries([...value.lists].map(([name, list]) => [name, texts(list)])),
    };
  }
}

/** Parsed as a whole, and taken apart. */
const WAYS = [1 << 20, 0];

describe("takeLists", () => {
  test.each<[string, unknown]>([
    [
      '{"logs":[{"a":1},{"b":[2,{"c":3}]}],"key":"k"}',
      { rest: { logs: [], key: "k" }, logs: ['{"a":1}', '{"b":[2,{"c":3}]}'] },
    ],
    [
      ' { "key" : "k" , "logs" : [ 1 , "x,]" , null ] } ',
      { rest: { key: "k", logs: [] }, logs: ["1", '"x,]"', "null"] },
    ],
    ['{"logs":[],"n":1}', { rest: { logs: [], n: 1 }, logs: [] }],
    [
      '{"other":[1],"logs":[2],"more":{"logs":[3]}}',
      { rest: { other: [1], logs: [], more: { logs: [3] } }, logs: ["2"] },
    ],
    ['{"k":"logs","o":[1]}', { rest: { k: "logs", o: [1] } }],
    ['{"logs":"[1]"}', { rest: { logs: "[1]" } }],
    ['[{"a":"\\"]"},[1],2]', { rest: {}, "": ['{"a":"\\"]"}', "[1]", "2"] }],
    ["[]", { rest: {}, "": [] }],
    ['\u{feff}{"logs":[1]}', { rest: { logs: [] }, logs: ["1"] }],
  ])("of %s", (text, expected) => {
    for (const whole of WAYS) expect(taken(text, whole)).toEqual(expected);
  });

  test.each([
    "",
    "hello",
    "7",
    '{"logs":[1',
    '{"logs":[1]',
    "[1",
    '{"a":"',
    "[1]]",
    "{} {}",
    '{"logs" [1]}',
    "{a}",
  ])("refuses %j", (text) => {
    for (const whole of WAYS) expect(() => taken(text, whole)).toThrow(/expected/);
  });

  it("lets others have their turn", () => {
    const steps = [...takeLists(Buffer.from(`[${"1,".repeat(50_000)}1]`), new Set(), 0)];
    expect(steps.length).toBeGreaterThan(20);
  });

  it("refuses what is large beside its lists", () => {
    expect(() => taken(`{"x":[${"{},".repeat(400_000)}1]}`, 0)).toThrow(/more than 1048576 bytes/);
  });

  it("takes out what JSON.parse finds there", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), fc.nat(4), (logs, other, indent) => {
        const text = JSON.stringify({ other, logs }, null, indent);
        const steps = takeLists(Buffer.from(text), new Set(["logs"]), 0);
        let step = steps.next();
        while (!step.done) step = steps.next();
        expect(step.value.rest).toEqual(parseJson(JSON.stringify({ other, logs: [] })));
        expect(step.value.lists.get("logs")!.map((text) => JSON.parse(String(text)))).toEqual(
          JSON.parse(JSON.stringify(logs)),
        );
      }),
    );
  });

  it("refuses or takes apart whatever the bytes", () => {
    const bit = fc.constantFrom("{", "}", "[", "]", '"', ",", ":", "\\", "logs", "1", " ");
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 40 }), (bits) => {
        try {
          taken(bits.join(""), 0);
        } catch (error) {
          expect(error).toMatchObject({ code: "POLYLOG_E_BAD_REQUEST" });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  ['{"a":12345678901234567890}', { a: "12345678901234567890" }],
  ["[1]", undefined],
  ["{oops}", undefined],
  [JSON.stringify({ a: "x".repeat(1 << 20) }), undefined],
])("parseElement of %.40s", (text, expected) => {
  expect(parseElement(Buffer.from(text))).toEqual(expected);
});
