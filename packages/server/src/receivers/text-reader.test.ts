import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textLines } from "./text-lines.ts";
import { TextReader } from "./text-reader.ts";

const NOW = 1_700_000_000_000_000_000n;
const read = (text: string) => new TextReader(NOW).read(text);

describe("a text", () => {
  it.each<[string, string, object]>([
    ["of JSON", '{"level":"warn","msg":"late"}', { body: "late", severityNumber: 13 }],
    ["of logfmt", "level=warn msg=late a=1", { body: "late", severityNumber: 13, attributes: ["a", "1"] }],
    ["of no format", "hello", { body: "hello", severityNumber: 0, timestamp: undefined }],
    ["with colours", "\x1b[31mhello\x1b[0m", { body: "hello" }],
    ["of nothing", "", { body: "" }],
    ["of blank lines", "\n \n", { body: "\n \n" }],
    [
      "of several lines that are one",
      "WARN first\n  second",
      { body: expect.stringContaining("\n  second") },
    ],
    ["of several lines that are not", "first\nsecond", { body: "first\nsecond" }],
    [
      "with a stack trace behind its message",
      "order failed\r\nTypeError: no\r\n    at main (app.js:1:2)",
      {
        ...{ body: "order failed", severityNumber: 17 },
        attributes: [
          ...["exception.type", "TypeError", "exception.message", "no"],
          ...["exception.stacktrace", "TypeError: no\n    at main (app.js:1:2)"],
        ],
      },
    ],
    [
      "with a stack trace behind a message of many lines, and a level of its own",
      "WARN order failed\nit is late\n\njava.io.IOException: no\n\tat a.B.c(B.java:7)\nCaused by: a.E\n\tat a.E.f(E.java:1)",
      {
        ...{ body: "WARN order failed\nit is late\n", severityNumber: 13 },
        attributes: expect.arrayContaining(["exception.type", "java.io.IOException"]),
      },
    ],
    [
      "with a stack trace behind a line of logfmt",
      "level=info msg=late order=7\nPool::Closed: no\n\tat a.B.c(B.java:7)",
      {
        body: "late",
        severityNumber: 9,
        attributes: expect.arrayContaining(["order", "7", "exception.type"]),
      },
    ],
    [
      "with more behind its stack trace",
      "one\nTypeError: no\n    at main (app.js:1:2)\ntwo",
      { body: "one\nTypeError: no\n    at main (app.js:1:2)\ntwo", attributes: [] },
    ],
  ])("%s", (_name, text, expected) => expect(read(text)).toMatchObject(expected));

  it("of anything becomes a draft", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(fc.constantFrom("\n", "\r", "\x1b[", "{", "<12>1 ", "    at "), fc.string()),
        }),
        (text) => {
          expect(read(text).attributes.length % 2).toBe(0);
        },
      ),
    );
  });
});

it("the lines of a body are those that aren't blank, wherever it is sliced", () => {
  const line = fc.string({ maxLength: 40 }).map((text) => text.replace(/[\0\r\n]/g, "x"));
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom("\n", "\r\n"), (lines, end) => {
      const filler = "y".repeat(64 << 10);
      const body = Buffer.from([filler, ...lines].join(end));
      const expected = [filler, ...lines].filter((text) => text.trim() !== "");
      expect([...textLines(body)].map(({ text }) => text)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});
