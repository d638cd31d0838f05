import fc from "fast-check";
import { expect, test } from "vitest";
import { type Token, tokenize } from "./lexer.ts";

/** Tokens as text: `field(level) colon(:) word(warn)`; spaces are left out. */
function shown(text: string): string {
  return tokenize(text)
    .filter((token) => token.kind !== "space")
    .map((token) => `${token.kind}<${text.slice(token.start, token.end)}>`)
    .join(" ");
}

test.each<[text: string, tokens: string]>([
  ["", ""],
  ["  \n\t ", ""],
  ["card declined", "word<card> word<declined>"],
  ['"card declined"', 'string<"card declined">'],
  ['"a \\" b" c', 'string<"a \\" b"> word<c>'],
  ["a AND b OR NOT c", "word<a> and<AND> word<b> or<OR> not<NOT> word<c>"],
  ["a and b or not c", "word<a> word<and> word<b> word<or> word<not> word<c>"],
  ["ANDROID", "word<ANDROID>"],
  [
    "-a -(b) -level:x",
    "minus<-> word<a> minus<-> open<(> word<b> close<)> minus<-> field<level> colon<:> word<x>",
  ],
  ["a-b - --flag -", "word<a-b> word<-> word<--flag> word<->"],
  ["level:warn", "field<level> colon<:> word<warn>"],
  ["level:", "field<level> colon<:>"],
  ["level: warn", "field<level> colon<:> word<warn>"],
  ["country:NOT", "field<country> colon<:> word<NOT>"],
  ["n:-5", "field<n> colon<:> word<-5>"],
  ["n:>=5", "field<n> colon<:> comparison<>=> word<5>"],
  ['t:>"a b"', 'field<t> colon<:> comparison<>> string<"a b">'],
  ["n:!=5", "field<n> colon<:> comparison<!=> word<5>"],
  ["n:>>5", "field<n> colon<:> comparison<>> word<>5>"],
  [">=5", "word<>=5>"],
  ["n:[1 TO 9]", "field<n> colon<:> rangeOpen<[> word<1> to<TO> word<9> rangeClose<]>"],
  ["n:{* TO 9]x", "field<n> colon<:> rangeOpen<{> word<*> to<TO> word<9> rangeClose<]> word<x>"],
  ["n:[1 TO (a", "field<n> colon<:> rangeOpen<[> word<1> to<TO> open<(> word<a>"],
  ["[error] {x}", "word<[error]> word<{x}>"],
  ["n:(a OR >5 b:c)", "field<n> colon<:> open<(> word<a> or<OR> comparison<>> word<5> word<b:c> close<)>"],
  ["(n:a b:c)", "open<(> field<n> colon<:> word<a> field<b> colon<:> word<c> close<)>"],
  ["http://host:80/a?b=c", "word<http://host:80/a?b=c>"],
  ["url:http://host", "field<url> colon<:> word<http://host>"],
  ["std::io::Error", "word<std::io::Error>"],
  ["logger:std::io", "field<logger> colon<:> word<std::io>"],
  ["12:30:45", "word<12:30:45>"],
  [":8080", "word<:8080>"],
  ["k8s.pod-name/x@y:z", "field<k8s.pod-name/x@y> colon<:> word<z>"],
  ["@timestamp:1", "field<@timestamp> colon<:> word<1>"],
  ["größe:1", "field<größe> colon<:> word<1>"],
  ['"weird name":x', 'field<"weird name"> colon<:> word<x>'],
  ["weird\\ name:x", "field<weird\\ name> colon<:> word<x>"],
  ["a\\:b", "word<a\\:b>"],
  ["/re ge(x)/ /x/i", "regex</re ge(x)/> regex</x/i>"],
  ["/api/v1/orders /health", "word</api/v1/orders> word</health>"],
  ["path:/health", "field<path> colon<:> word</health>"],
  ["path:/^\\/h/", "field<path> colon<:> regex</^\\/h/>"],
  ["(/x/)", "open<(> regex</x/> close<)>"],
  ["//", "word<//>"],
  ["/x/g", "word</x/g>"],
  ["a|b", "word<a> pipe<|> word<b>"],
  ['a "b c', 'word<a> unclosed<"b c>'],
  ['level:"a', 'field<level> colon<:> unclosed<"a>'],
  ["a\\", "word<a\\>"],
  ["main()", "word<main> open<(> close<)>"],
])("%j", (text, tokens) => {
  expect(shown(text)).toBe(tokens);
});

const SYNTAX = fc.array(
  fc.constantFrom(
    ..."\"'\\/:()[]{}<>=!|-*~ \n\t,aA0.é💥",
    "AND",
    "OR",
    "NOT",
    "TO",
    "level:",
    "x:[",
    "x:(",
    "://",
  ),
  { maxLength: 30 },
);
const TEXT = fc.oneof(
  SYNTAX.map((pieces) => pieces.join("")),
  fc.string({ unit: "binary" }),
);

test("the tokens cover every text without gap or overlap", () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      let end = 0;
      for (const token of tokenize(text)) {
        expect(token.start).toBe(end);
        expect(token.end).toBeGreaterThan(token.start);
        end = token.end;
      }
      expect(end).toBe(text.length);
    }),
    { numRuns: 2000 },
  );
});

test("a field is followed by its colon", () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      const tokens = tokenize(text);
      tokens.forEach((token, index) => {
        if (token.kind === "field") expect((tokens[index + 1] as Token).kind).toBe("colon");
      });
    }),
    { numRuns: 1000 },
  );
});

test.each(["a ", "/ ", "/a ", "/\\/ ", '"', "\\", "a:", "a:(", "x:[", "-", "*", "x:/", 'a:"'])(
  "many %j are read in linear time",
  (unit) => {
    const milliseconds = (length: number): number => {
      const text = unit.repeat(length / unit.length);
      const start = performance.now();
      tokenize(text);
      return performance.now() - start;
    };
    milliseconds(10_000); // warm
    expect(milliseconds(400_000)).toBeLessThan(2000); // quadratic: minutes
  },
);
