import fc from "fast-check";
import { expect, it } from "vitest";
import { cut, printable, printableLine } from "./terminal-text.ts";

it.each<[text: string, expected: string]>([
  ["plain, ümläut, 日本, 👍", "plain, ümläut, 日本, 👍"],
  ["a\tb\nc", "a\tb\nc"],
  ["a\r\nb", "a\nb"],
  ["progress 1%\rprogress 2%", "progress 1%\\rprogress 2%"],
  ["\u001b[31mred\u001b[0m \u001b[38;2;1;2;3mx\u001b[m", "red x"],
  ["\u001b]0;title\u0007", "\\x1b]0;title\\x07"],
  ["\u001b[2J\u001b[H", "\\x1b[2J\\x1b[H"],
  ["\u009b2J", "\\x9b2J"],
  ["\u001bPq#0\u001b\\", "\\x1bPq#0\\x1b\\"],
  ["\u0000\u0008\u007f", "\\x00\\x08\\x7f"],
  ["user\u202egnp.exe", "user\\u202egnp.exe"],
  ["a\u2028b\u2066c\ufeff", "a\\u2028b\\u2066c\\ufeff"],
])("%j is printed as %j", (text, expected) => {
  expect(printable(text)).toBe(expected);
});

it("keeps a field on its line", () => {
  expect(printableLine("a\nb\tc")).toBe("a\\nb\\tc");
});

it("lets nothing through that a terminal obeys, whatever the text", () => {
  const noisy = fc.string({
    unit: fc.constantFrom("\u001b", "[", "3", "1", ";", "m", "\u009b", "\r", "\n", "a", "\u202e"),
  });
  fc.assert(
    fc.property(fc.oneof(noisy, fc.string({ unit: "binary" })), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject
      expect(printable(text)).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});

it.each<[text: string, length: number, expected: string]>([
  ["abc", 3, "abc"],
  ["abcd", 3, "ab…"],
  ["a👍b", 3, "a…"],
])("%j in %i characters is %j", (text, length, expected) => {
  expect(cut(text, length)).toBe(expected);
});
