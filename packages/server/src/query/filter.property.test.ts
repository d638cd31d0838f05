import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Filter } from "./ast.ts";
import { parseQuery } from "./parser.ts";
import { quoteField, quotePhrase, quoteValue } from "./quote.ts";
import { matches } from "./testing/evaluate.ts";
import { type TestRecord, testRecord } from "./testing/record.ts";
import { type SearchEngine, startSearchEngine } from "./testing/search-engine.ts";

let engine: SearchEngine;
beforeAll(async () => {
  engine = await startSearchEngine();
});
afterAll(() => engine?.close());

/** Pieces of text that meet often, and every character that some layer below could take for its own. */
const PIECES = [
  ..."aAbBzZ019_%*?\\/'\"`-.:;,|()[]{}<>=!&#@$^~+ \n\t\r\0",
  ..."äÄßжЖ日💥é\u00a0\u2028",
  "card",
  "Card",
  "CARDS",
  "post",
  "declined",
  "10",
  "7.5",
  "AND",
  "TO",
];
/** Few characters, so that texts meet in all their parts: one of each kind for the layers below. */
const FEW = [..."ab -_%\\é"];
function text(maxLength: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc.array(fc.constantFrom(...PIECES), { maxLength }).map((pieces) => pieces.join("")),
    fc.array(fc.constantFrom(...FEW), { maxLength }).map((pieces) => pieces.join("")),
  );
}
const SHORT_TEXT = text(4);
const BODY = text(12);
const NUMBERS = [
  "5",
  "-5",
  "5.5",
  "5.",
  ".5",
  "1e3",
  "+7",
  "007",
  " 5",
  "5 ",
  "0x10",
  "1_0",
  "nan",
  "-inf",
  "Infinity",
  "1e400",
  "5ms",
];
const VALUE = fc.oneof(SHORT_TEXT, fc.constantFrom(...NUMBERS, "card", "card.x"));
const KEYS = ["path", "n", "a.b", "weird name", "__proto__", 'q"uote', "b\\s", "tr/é@-"];
const MAP = fc.dictionary(fc.constantFrom(...KEYS), VALUE, { maxKeys: 3, noNullPrototype: false });
const LOGGERS = ["card", "card.x", "card::y", "card/z", "cards", "Card.x"];

const RECORD = fc.record({
  body: BODY,
  severityNumber: fc.oneof(fc.integer({ min: 0, max: 25 }), fc.constant(255)),
  service: fc.oneof(SHORT_TEXT, fc.constantFrom("card", "post")),
  logger: fc.oneof(fc.constantFrom(...LOGGERS), SHORT_TEXT),
  host: SHORT_TEXT,
  attributes: MAP,
  resource: MAP,
  scope: MAP,
});

const LEVEL = fc.constantFrom("trace", "debug", "info", "warn", "error", "fatal");
const NUMBER = fc.oneof(fc.integer({ min: -10, max: 10 }), fc.constantFrom(5.5, 0.5, 1000)).map(String);
const COMPARISON = fc.constantFrom(">", ">=", "<", "<=");
const TEXT_FIELD = fc.oneof(
  fc.constantFrom("service", "host", "logger", "message"),
  fc.constantFrom(...KEYS).map(quoteField),
  fc.constantFrom("attributes.n", "resource.n", "scope.n", '"attributes.a.b"'),
);
const ATTRIBUTE = fc.constantFrom("n", "path", "attributes.n", "resource.n", "a.b");

/** A literal in a word: every character escaped that may be, so that it means itself. */
function escapedWord(text: string): string {
  return text.replace(/[\s!-/:-@[-`{-~]/g, "\\$&").replaceAll("\0", "\\u{0}");
}
const STARRED = fc
  .tuple(SHORT_TEXT, SHORT_TEXT, fc.boolean(), fc.boolean(), fc.boolean())
  .map(([one, two, before, between, after]) => {
    const word = [one, two].map(escapedWord).join(between ? "*" : "");
    return `${before ? "*" : ""}${word}${after ? "*" : ""}`;
  })
  .filter((word) => word !== "");
const REGEX = fc.constantFrom(
  "/card/",
  "/Card/i",
  "/^a/",
  "/a.b/",
  "/[0-9]+\\.?$/",
  "/post|ж/i",
  "/\\//",
  "/\\\\/",
  "/日*/",
);

const TERM = fc.oneof(
  STARRED,
  SHORT_TEXT.filter((text) => text !== "").map(quotePhrase),
  REGEX,
  fc.tuple(TEXT_FIELD, VALUE.map(quoteValue)).map(([field, value]) => `${field}:${value}`),
  fc.tuple(TEXT_FIELD, STARRED).map(([field, value]) => `${field}:${value}`),
  fc.tuple(TEXT_FIELD, REGEX).map(([field, value]) => `${field}:${value}`),
  fc.tuple(ATTRIBUTE, COMPARISON, NUMBER).map((parts) => `${parts[0]}:${parts[1]}${parts[2]}`),
  fc
    .tuple(ATTRIBUTE, fc.constantFrom("[", "{"), NUMBER, NUMBER, fc.constantFrom("]", "}"))
    .map(([field, open, from, to, close]) => `${field}:${open}${from} TO ${to}${close}`),
  fc
    .tuple(fc.constantFrom("", ">", ">=", "<", "<="), LEVEL)
    .map(([operator, level]) => `level:${operator}${level}`),
  fc.constantFrom(
    "level:unset",
    "level:*",
    "*",
    "n:*",
    "path:*",
    "service:*",
    'path:""',
    'service:""',
    "message:*",
  ),
);
const { query: QUERY } = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, depthIdentifier: "query" },
    TERM,
    fc.tuple(tie("query"), tie("query")).map(([a, b]) => `(${a}) (${b})`),
    fc.tuple(tie("query"), tie("query")).map(([a, b]) => `(${a}) OR (${b})`),
    tie("query").map((query) => `-(${query})`),
    tie("query").map((query) => `NOT (${query})`),
  ),
}));

function parsed(query: string): Filter {
  const result = parseQuery(query);
  if (!result.ok) throw new Error(`${JSON.stringify(query)}: ${result.error.message}`);
  return result.tree;
}

test("a query finds exactly the records that it means", { timeout: 120_000 }, async () => {
  const rounds = 2;
  for (let round = 0; round < rounds; round++) {
    const records: readonly TestRecord[] = fc
      .sample(RECORD, 300)
      .map((values, index) => testRecord({ id: index + 1, ...values }));
    await engine.truncate();
    await engine.insert(records);
    await fc.assert(
      fc.asyncProperty(QUERY, async (query) => {
        const tree = parsed(query);
        const expected = records.filter((record) => matches(tree, record)).map((record) => record.id);
        const found = await engine.search(query);
        const wrong = [
          ...found.filter((id) => !expected.includes(id)),
          ...expected.filter((id) => !found.includes(id)),
        ];
        expect(wrong.map((id) => records[id - 1])).toEqual([]);
      }),
      { numRuns: 250 },
    );
  }
});
