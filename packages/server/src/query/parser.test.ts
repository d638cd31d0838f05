import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Filter, Pattern, Predicate } from "./ast.ts";
import { type ParseOptions, parseQuery } from "./parser.ts";

/** A tree as text with every parenthesis: what binds how can be seen. */
function shown(tree: Filter): string {
  switch (tree.kind) {
    case "all":
      return "all";
    case "text":
      return pattern(tree.pattern);
    case "regex":
      return `/${tree.source}/${tree.ignoreCase ? "i" : ""}`;
    case "field":
      return `${tree.name}=${predicate(tree.predicate)}`;
    case "not":
      return `!${shown(tree.part)}`;
    case "and":
    case "or":
      return `(${tree.parts.map(shown).join(tree.kind === "and" ? " & " : " | ")})`;
  }
}

function pattern({ pieces }: Pattern): string {
  return pieces.map((piece) => `‹${piece}›`).join("*");
}

function predicate(value: Predicate): string {
  switch (value.kind) {
    case "equals":
      return `‹${value.value}›`;
    case "pattern":
      return pattern(value.pattern);
    case "regex":
      return `/${value.source}/${value.ignoreCase ? "i" : ""}`;
    case "exists":
      return "?";
    case "range": {
      const [from, to] = [value.from, value.to].map((bound) => {
        if (bound === null) return "";
        return bound.operand.kind === "severity" ? bound.operand.lowest : bound.operand.value;
      });
      return `${value.from?.isInclusive ? "[" : "("}${from},${to}${value.to?.isInclusive ? "]" : ")"}`;
    }
  }
}

function parsed(text: string, options?: ParseOptions): string {
  const result = parseQuery(text, options);
  return result.ok ? shown(result.tree) : result.error.message;
}

test.each<[query: string, tree: string]>([
  ["", "all"],
  [" \n", "all"],
  ["*", "all"],
  ["a", "‹a›"],
  ["a b c", "(‹a› & ‹b› & ‹c›)"],
  ["a AND b c", "(‹a› & ‹b› & ‹c›)"],
  ["a OR b OR c", "(‹a› | ‹b› | ‹c›)"],
  ["a OR b c", "(‹a› | (‹b› & ‹c›))"],
  ["a b OR c d", "((‹a› & ‹b›) | (‹c› & ‹d›))"],
  ["(a OR b) c", "((‹a› | ‹b›) & ‹c›)"],
  ["NOT a b", "(!‹a› & ‹b›)"],
  ["NOT (a b)", "!(‹a› & ‹b›)"],
  ["-a OR -b", "(!‹a› | !‹b›)"],
  ["NOT NOT -a", "!!!‹a›"],
  ["((a))", "‹a›"],
  ["* a", "(all & ‹a›)"],
  ["a* *b *c* d*e", "(‹a›*‹› & ‹›*‹b› & ‹›*‹c›*‹› & ‹d›*‹e›)"],
  ["a** **", "(‹a›*‹› & all)"],
  ['"a* b"', "‹a* b›"],
  ["a\\*", "‹a*›"],
  ['a\\ b\\"c\\\\', '‹a b"c\\›'],
  ['"a\\nb\\t\\r\\u{1F4A5}"', "‹a\nb\t\r💥›"],
  ["\\-a", "‹-a›"],
  ["\\AND".replace("A", "u{41}"), "‹AND›"],
  ["level:warn", "level=‹warn›"],
  ["level:(warn OR error)", "(level=‹warn› | level=‹error›)"],
  ["x:(a -b)", "(x=‹a› & !x=‹b›)"],
  ["x:(a OR (b c))", "(x=‹a› | (x=‹b› & x=‹c›))"],
  ["x:(a OR >=5 OR [1 TO 2] OR /r/i OR *)", "(x=‹a› | x=[5,) | x=[1,2] | x=/r/i | x=?)"],
  ["x:AND", "x=‹AND›"],
  ["x:=a x:!=a", "(x=‹a› & !x=‹a›)"],
  ['x:"" y:"*"', "(x=‹› & y=‹*›)"],
  ["x:a*", "x=‹a›*‹›"],
  ["x:*", "x=?"],
  ["x:[* TO *]", "x=?"],
  ["x:>5 x:>=5 x:<5 x:<=5", "(x=(5,) & x=[5,) & x=(,5) & x=(,5])"],
  ["x:{1 TO 2] x:[1 TO 2}", "(x=(1,2] & x=[1,2))"],
  ["x:[-1.5e3 TO *]", "x=[-1500,)"],
  ['x:["1" TO "2"]', "x=[1,2]"],
  ["x:/a b/", "x=/a b/"],
  ["duration_ms:>1.5s", "duration_ms=(1500,)"],
  ["took.us:>2ms", "took.us=(2000,)"],
  ["elapsedMs:>2s", "elapsedMs=(2000,)"],
  ["body_bytes:>=10kb", "body_bytes=[10000,)"],
  ["request.duration_seconds:<250ms", "request.duration_seconds=(,0.25)"],
  ["size.kib:>1mib", "size.kib=(1024,)"],
  ["id:7", "id=[7,7]"],
  ["timestamp:>=2026-11-20T14:00:00Z", "timestamp=[1795183200000000000,)"],
  ["level:[debug TO warn]", "level=[5,13]"],
  ["http://x/y std::io 12:30", "(‹http://x/y› & ‹std::io› & ‹12:30›)"],
])("%j", (query, tree) => {
  expect(parsed(query)).toBe(tree);
});

test.each<[query: string, message: string, start: number, end: number]>([
  ["level:", "Expected a value after `level:`", 6, 6],
  ["level: warn", 'Expected a value after `level:`; to search for the text, write `"level:"`', 6, 6],
  ["(level:)", "Expected a value after `level:`", 7, 7],
  ["level:wran", "There is no level `wran`; did you mean `warn`?", 6, 10],
  ["level:eror", "There is no level `eror`; did you mean `error`?", 6, 10],
  [
    "level:xyzzy",
    "There is no level `xyzzy`; levels are trace, debug, info, warn, error, fatal, unset and the numbers 0 to 24",
    6,
    11,
  ],
  [
    "level:99",
    "There is no level `99`; levels are trace, debug, info, warn, error, fatal, unset and the numbers 0 to 24",
    6,
    8,
  ],
  ["level:>=wran", "There is no level `wran`; did you mean `warn`?", 8, 12],
  ["level:/warn/", "There is no level `/warn/`; did you mean `warn`?", 6, 12],
  ["level:(warn OR eror)", "There is no level `eror`; did you mean `error`?", 15, 19],
  ["a OR", "Expected a term after `OR`", 4, 4],
  ["a AND ", "Expected a term after `AND`", 5, 5],
  ["NOT", "Expected a term after `NOT`", 3, 3],
  ["OR a", 'Expected a term before `OR`; to search for the word, write `"OR"`', 0, 2],
  ["(AND a)", 'Expected a term before `AND`; to search for the word, write `"AND"`', 1, 4],
  ["a OR OR b", "Expected a term between `OR` and `OR`", 5, 7],
  ["(a OR)", "Expected a term before `)`", 5, 6],
  ["()", "The parentheses are empty; to search for them, write them in quotes", 0, 2],
  ["main()", "The parentheses are empty; to search for them, write them in quotes", 4, 6],
  ["(a", "This parenthesis is never closed; to search for it, write it in quotes", 0, 1],
  ["(", "This parenthesis is never closed; to search for it, write it in quotes", 0, 1],
  ["a)", "This parenthesis was never opened; to search for it, write it in quotes", 1, 2],
  ['a "b', "This quote is never closed", 2, 4],
  ['""', "The phrase is empty", 0, 2],
  ['"a"b', 'Expected a blank after `"a"`', 3, 4],
  ['"card decl"*', "A star counts only outside quotes; escape the blanks instead: `card\\ decl*`", 11, 12],
  ["a | stats count()", "Pipes are not available yet; to search for `|`, write it in quotes", 2, 3],
  ["a || b", "Alternatives are written `OR`", 2, 4],
  ["a\\d", "`\\d` is not an escape; write `\\\\` for a backslash", 1, 3],
  ["a\\", "Expected a character after the backslash; write `\\\\` for a backslash", 1, 2],
  ['"\\u0041"', "Write a character by its number as `\\u{1F4A5}`", 1, 3],
  ['"\\u{110000}"', "Write a character by its number as `\\u{1F4A5}`", 1, 3],
  ["x:>", "Expected a value right after `>`", 3, 3],
  ["x:>= 5", "Expected a value right after `>=`", 4, 4],
  ["x:>a", "Expected a number to compare `x` with, not `a`", 3, 4],
  ["x:>5ms", "The unit of `x` is not known, so it can't be compared with `5ms`; leave the unit out", 3, 6],
  ["duration_ms:>5kb", "`duration_ms` is a time, `5kb` is a size", 13, 16],
  ["duration_ms:>5parsec", "`parsec` is not a unit", 13, 20],
  [
    "x:[1 TO",
    "This bracket is never closed; a range is written `[1 TO 9]`, or with a star for an open end `[5 TO *]`",
    2,
    3,
  ],
  [
    "x:[1 9]",
    "Expected `TO` here; a range is written `[1 TO 9]`, or with a star for an open end `[5 TO *]`",
    5,
    6,
  ],
  [
    "x:[1 TO 9 10]",
    "Expected `]` here; a range is written `[1 TO 9]`, or with a star for an open end `[5 TO *]`",
    10,
    12,
  ],
  [
    "x:[]",
    "Expected a value here; a range is written `[1 TO 9]`, or with a star for an open end `[5 TO *]`",
    3,
    4,
  ],
  ["x:[a TO b]", "Expected a number to compare `x` with, not `a`", 3, 4],
  [
    "service:>a",
    "`service` is text, which has no greater and less; use `service:value` or `service:prefix*`",
    9,
    10,
  ],
  ["id:x", "Expected a number to compare `id` with, not `x`", 3, 4],
  ["id:99999999999999999999", "Expected a number to compare `id` with, not `99999999999999999999`", 3, 23],
  ["id:1*", "`id` is no text; compare it as `id:>=…` or `id:[… TO …]`", 3, 5],
  [
    "timestamp:>soon",
    "`soon` is not a time; write it as `2026-11-20T14:00:00Z` or in milliseconds since 1970",
    11,
    15,
  ],
  ["/(?=a)b/", "Lookaround is not available in regular expressions here", 1, 4],
  ["x:/a(b/", "This parenthesis is never closed; write `\\(` for the character", 4, 5],
  ["a*:x", "A field's name can't have a star; if it has one, write it in quotes: `\"a*\":`", 0, 2],
  ['"":x', "The field's name is empty", 0, 2],
])("%j is refused", (query, message, start, end) => {
  const result = parseQuery(query);
  expect(result).toMatchObject({ ok: false, error: { message, start, end } });
});

describe("limits", () => {
  test("a query of 100 KB gets a clear error", () => {
    const result = parseQuery("a ".repeat(50_000));
    expect(result).toMatchObject({
      ok: false,
      error: { message: "The query has 100000 characters; 16384 are allowed", start: 16_384, end: 100_000 },
    });
  });

  test.each<[query: string, message: string]>([
    ["a ".repeat(301), "The query has more than 300 terms"],
    [`x:(${"a OR ".repeat(300)}b)`, "The query has more than 300 terms"],
    [`${"(".repeat(51)}a${")".repeat(51)}`, "The query is nested more than 50 levels deep"],
    [`${"NOT ".repeat(51)}a`, "The query is nested more than 50 levels deep"],
    ["(".repeat(16_000), "The query is nested more than 50 levels deep"],
  ])("%.20s…", (query, message) => {
    expect(parseQuery(query)).toMatchObject({ ok: false, error: { message } });
  });

  test("are reached, not passed", () => {
    expect(parseQuery("a ".repeat(300)).ok).toBe(true);
    expect(parseQuery(`${"(".repeat(50)}a${")".repeat(50)}`).ok).toBe(true);
  });

  test("what is shown of a long text is short", () => {
    const result = parseQuery(`level:${"x".repeat(16_000)}`);
    expect(result.ok || result.error.message.length).toBeLessThan(200);
  });
});

test.each<[query: string, hints: string[]]>([
  ["a or b", ["`or` is searched for as a word; the operator is written `OR`"]],
  [
    "a And not b",
    [
      "`And` is searched for as a word; the operator is written `AND`",
      "`not` is searched for as a word; the operator is written `NOT`",
    ],
  ],
  ['a "or" b', []],
  ["x:(a or b)", []],
])("%j is hinted at", (query, hints) => {
  const result = parseQuery(query);
  expect(result.ok && result.hints.map((hint) => hint.message)).toEqual(hints);
});

test("what is asked of traces has their fields", () => {
  expect(parsed("duration:>100ms", { target: "traces" })).toBe("duration=(100000000,)");
  expect(parsed("duration:>100ms")).toMatch(/unit of `duration` is not known/);
});

const SYNTAX = fc
  .array(
    fc.constantFrom(
      ...[
        '"',
        "\\",
        "/",
        ":",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ">",
        "=",
        "|",
        "-",
        "*",
        " ",
        "a",
        "5",
        "é",
        "\\n",
      ],
      ...[
        "AND ",
        "OR ",
        "NOT ",
        " TO ",
        "level:",
        "warn",
        "x:[1 TO 2]",
        "x:(",
        "id:",
        "timestamp:",
        "/(?i)a/",
      ],
    ),
    { maxLength: 25 },
  )
  .map((pieces) => pieces.join(""));

test("every text is read or refused with a place in it, and every node lies in its parent", () => {
  fc.assert(
    fc.property(fc.oneof(SYNTAX, fc.string({ unit: "binary" })), (text) => {
      const result = parseQuery(text);
      if (!result.ok) {
        const { message, start, end } = result.error;
        expect(message).not.toBe("");
        expect(0 <= start && start <= end && end <= text.length).toBe(true);
        return;
      }
      const check = (node: Filter, start: number, end: number): void => {
        expect(start <= node.start && node.start <= node.end && node.end <= end).toBe(true);
        if (node.kind === "not") check(node.part, node.start, node.end);
        if (node.kind === "and" || node.kind === "or") {
          for (const part of node.parts) check(part, node.start, node.end);
        }
      };
      check(result.tree, 0, text.length);
    }),
    { numRuns: 5000 },
  );
});
