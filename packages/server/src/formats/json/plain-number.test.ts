import fc from "fast-check";
import { expect, it } from "vitest";
import { endOfPlainNumber } from "./plain-number.ts";

const end = (text: string): number => endOfPlainNumber(Buffer.from(`${text},`), 0);

it.each(["0", "200", "-7", "-1.5", "0.5", "0.000001", "-0.25", "123456789012345", "12345678.1234567"])(
  "keeps %s as it is",
  (text) => {
    expect(end(text)).toBe(text.length);
  },
);

it.each([
  "-0",
  "00",
  "01",
  "1.",
  ".5",
  "-",
  "1.50",
  "1e3",
  "1E3",
  "1.5e3",
  "0.0000001",
  "1234567890123456",
  "1x",
  "1-2",
])("leaves %s to others", (text) => {
  expect(end(text)).toBe(0);
});

it("keeps no text but that of the number", () => {
  const text = fc.stringMatching(/^-?\d{1,17}(\.\d{1,17})?$/);
  fc.assert(
    fc.property(text, (text) => {
      if (end(text) > 0) expect(String(JSON.parse(text))).toBe(text);
    }),
    { numRuns: 5_000 },
  );
});
