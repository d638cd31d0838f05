import { expect, test } from "vitest";
import { markedParts, wordFinder } from "./matched-words.ts";

const marked = (query: string, text: string) => {
  const finder = wordFinder(query);
  return finder
    ? markedParts(text, finder)
        .map((part) => (part.isMatch ? `[${part.text}]` : part.text))
        .join("")
    : text;
};

test.each([
  ["card", "Card declined: card", "[Card] declined: [card]"],
  ['"card declined" card', "card declined", "[card declined]"],
  ["decl*", "card declined", "card [decl]ined"],
  ["a.b (c OR [d])", "a.b axb", "[a.b] axb"],
  ["-card level:warn", "card", "card"],
  ["", "card", "card"],
  ["level:", "card", "card"],
])("%s marks in %o", (query, text, expected) => {
  expect(marked(query, text)).toBe(expected);
});

test("a message that is all matches has an end of marks, and none of it is lost", () => {
  const finder = wordFinder("a");
  const parts = markedParts("a b ".repeat(5_000), finder ?? /x/g);
  expect(parts.length).toBeLessThan(200);
  expect(parts.map((part) => part.text).join("")).toHaveLength(20_000);
});
