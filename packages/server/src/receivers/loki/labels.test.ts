import fc from "fast-check";
import { expect, it } from "vitest";
import { parseLabels } from "./labels.ts";

it.each<[string, readonly string[] | undefined]>([
  ["{}", []],
  ['{job="shop"}', ["job", "shop"]],
  ['{ job = "shop" , level="warn" }', ["job", "shop", "level", "warn"]],
  ['{a="x,y}",}', undefined],
  ['{a="x}, y",b=""}', ["a", "x}, y", "b", ""]],
  [String.raw`{a="q\"\\\n\x41\u00e9\U0001F600\101\a"}`, ["a", 'q"\\\nAé😀A\x07']],
  ["{a=`raw\\n`}", ["a", "raw\\n"]],
  ['{service.name="x"}', ["service.name", "x"]],
  ['{a="b"', undefined],
  ["{a=b}", undefined],
  ['{="b"}', undefined],
  ['{a="b"} ', undefined],
  ['{a="b"}{c="d"}', undefined],
  ["", undefined],
])("the labels %s are %j", (text, expected) => expect(parseLabels(text)).toEqual(expected));

it("labels that were quoted come back", () => {
  const pairs = fc.dictionary(fc.stringMatching(/^[a-z_]\w{0,8}$/), fc.string(), { minKeys: 1 });
  fc.assert(
    fc.property(pairs, (labels) => {
      const text = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      expect(parseLabels(`{${text.join(", ")}}`)).toEqual(Object.entries(labels).flat());
    }),
  );
});
