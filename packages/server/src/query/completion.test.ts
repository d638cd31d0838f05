import fc from "fast-check";
import { expect, test } from "vitest";
import { completionAt } from "./completion.ts";

/** The cursor is the bar. */
function at(text: string) {
  const offset = text.indexOf("|");
  return completionAt(text.replace("|", ""), offset);
}

test.each<[text: string, expected: object | null]>([
  ["|", { kind: "field", prefix: "", from: 0, to: 0, operators: [] }],
  ["lev|", { kind: "field", prefix: "lev", from: 0, to: 3, operators: [] }],
  ["le|vel", { kind: "field", prefix: "le", from: 0, to: 5 }],
  ["le|vel:warn", { kind: "field", prefix: "le", from: 0, to: 5 }],
  ["-lev|", { kind: "field", prefix: "lev", from: 1, to: 4 }],
  ["(lev|", { kind: "field", prefix: "lev", from: 1, to: 4 }],
  ["a |", { kind: "field", prefix: "", operators: ["AND", "OR", "NOT"] }],
  ["a O|", { kind: "field", prefix: "O", from: 2, to: 3, operators: ["OR"] }],
  ["a OR N|", { kind: "field", prefix: "N", operators: ["NOT"] }],
  ["level:|", { kind: "value", field: "level", prefix: "", from: 6, to: 6 }],
  ["level:wa|", { kind: "value", field: "level", prefix: "wa", from: 6, to: 8 }],
  ["level:w|arn x", { kind: "value", field: "level", prefix: "w", from: 6, to: 10 }],
  ["level:>=|", { kind: "value", field: "level", prefix: "", from: 8, to: 8 }],
  ["level:>=w|", { kind: "value", field: "level", prefix: "w", from: 8, to: 9 }],
  ["level:(warn OR e|", { kind: "value", field: "level", prefix: "e", from: 15, to: 16 }],
  ["level:(warn |", { kind: "value", field: "level", prefix: "" }],
  ["level:(warn) |", { kind: "field", prefix: "" }],
  ["(level:warn |", { kind: "field", prefix: "" }],
  ["level:warn |", { kind: "field", prefix: "" }],
  ["level: |", { kind: "field", prefix: "" }],
  ['host:"a b|', { kind: "value", field: "host", prefix: "a b", from: 5, to: 9 }],
  ['host:"a b|c" x', { kind: "value", field: "host", prefix: "a b", from: 5, to: 11 }],
  ['"weird name":x|', { kind: "value", field: "weird name", prefix: "x" }],
  ["weird\\ name:x|", { kind: "value", field: "weird name", prefix: "x" }],
  ["n:[1|", { kind: "value", field: "n", prefix: "1" }],
  ["n:[1 T|", { kind: "operator", prefix: "T", operators: ["TO"] }],
  ["n:[1 |", { kind: "operator", prefix: "", operators: ["TO"] }],
  ["n:([1 TO |", { kind: "value", field: "n", prefix: "" }],
  ["n:[1 TO 2] |", { kind: "field", prefix: "" }],
  ["n:[1 TO |", { kind: "value", field: "n", prefix: "" }],
  ['"phrase |', null],
  ['"phrase |x"', null],
  ["/reg|ex/", null],
])("%s", (text, expected) => {
  if (expected === null) expect(at(text)).toBeNull();
  else expect(at(text)).toMatchObject(expected);
});

test("there is an answer at every place of every text, around the cursor", () => {
  const text = fc.oneof(
    fc
      .array(fc.constantFrom("a", "x:", '"', "(", ")", "[", "]", " ", "TO", "/", ">", "-", "\\"), {
        maxLength: 15,
      })
      .map((parts) => parts.join("")),
    fc.string(),
  );
  fc.assert(
    fc.property(text, fc.nat(), (query, choice) => {
      const offset = choice % (query.length + 1);
      const completion = completionAt(query, offset);
      if (completion === null) return;
      expect(completion.from).toBeLessThanOrEqual(offset);
      expect(completion.to).toBeGreaterThanOrEqual(offset);
      expect(completion.to).toBeLessThanOrEqual(query.length);
    }),
    { numRuns: 2000 },
  );
});
