import { expect, test } from "vitest";
import { checkRegex } from "./regex.ts";

/** Expressions that RE2 takes, as ClickHouse 26.7 was seen to. */
const TAKEN =
  String.raw`a*? a{1000} (a{10}){100} { a{ a{,5} x{2,} a{2}? \_ \- \. \/ \0 \12 \x41 \x{41} \x{10FFFF} \pL \p{Lu} \p{Greek}
\p{^Greek} \p{Any} \PN \z \A \b \B \a\f\v \d\D\s\S\w\W []a] [^]a] [\d-z] [a-] [-a] [--z] [+--] [a-b-c] [[:alpha:]] [[:^alpha:]] [[:alpha:]-z]
[\pL] [\x41-\x43] [\n-\r] \Qa.b\E* \Q \Qabc (?i)a (?i:a) (?-i)a (?im-s)a (?U)a+ (?:a) (?P<n>a) (?<n>a) () (|a) a||b ^* $* \b*
^ 日本* [日-本] 💥+ [💥] (?i)(?-i) \d{3}-\d{4} .{1000} [^a]{1000} (?i)\w{1000} (.{1,30}){1,30} \pL{100} a{0}`.split(
    /\s+/,
  );

test.each(TAKEN)("%s is taken", (source) => {
  expect(checkRegex(source)).toBeUndefined();
});

test.each<[source: string, message: string, start: number, end: number]>([
  ["a(?=b)", "Lookaround is not available in regular expressions here", 1, 4],
  ["(?<!b)a", "Lookaround is not available in regular expressions here", 0, 4],
  ["(a)\\1", "Backreferences are not available in regular expressions here", 3, 5],
  ["\\k<n>", "Backreferences are not available in regular expressions here", 0, 2],
  ["(?P=n)", "Backreferences are not available in regular expressions here", 0, 4],
  ["(?>a)", "Atomic groups are not available in regular expressions here", 0, 3],
  ["(?R)", "Recursion is not available in regular expressions here", 0, 3],
  ["(?#a)", "Comments are not available in regular expressions here", 0, 3],
  ["(?(1)a)", "Conditions are not available in regular expressions here", 0, 3],
  ["(?x)a", "This kind of group is not available in regular expressions here", 0, 2],
  ["(?'n'a)", "This kind of group is not available in regular expressions here", 0, 2],
  ["(?<a-b>c)", "This kind of group is not available in regular expressions here", 0, 2],
  ["(?<n>a)(?<n>b)", "The group `n` is there twice", 7, 12],
  ["*", "There is nothing to repeat here", 0, 1],
  ["a|*", "There is nothing to repeat here", 2, 3],
  ["(+)", "There is nothing to repeat here", 1, 2],
  ["(?i)*", "There is nothing to repeat here", 4, 5],
  ["a**", "A repetition can't be repeated; write parentheses around the first", 2, 3],
  ["a*+", "A repetition can't be repeated; write parentheses around the first", 2, 3],
  ["a{2}{3}", "A repetition can't be repeated; write parentheses around the first", 4, 5],
  ["a{1001}", "More than 1000 repetitions are not available", 1, 7],
  ["(a{100}){100}", "More than 1000 repetitions are not available", 8, 13],
  ["a{5,2}", "The repetition ends before it begins", 1, 6],
  ["\\pL{1000}", "The regular expression is too large; repeat less", 0, 9],
  ["(\\pL{1,1000})", "The regular expression is too large; repeat less", 0, 13],
  ["(a", "This parenthesis is never closed; write `\\(` for the character", 0, 1],
  ["a)", "This parenthesis was never opened; write `\\)` for the character", 1, 2],
  ["[a", "This bracket is never closed; write `\\[` for the character", 0, 1],
  ["[]", "This bracket is never closed; write `\\[` for the character", 0, 1],
  ["[z-a]", "`z-a` is not a range of characters", 1, 4],
  ["[本-日]", "`本-日` is not a range of characters", 1, 4],
  ["[a-\\d]", "`a-\\d` is not a range of characters", 1, 5],
  ["[[:foo:]]", "There is no class `[:foo:]`", 1, 8],
  ["\\p{Foo}", "There is no class of characters `Foo`", 0, 7],
  ["\\p{Letter}", "There is no class of characters `Letter`", 0, 10],
  ["\\Z", "`\\Z` is not available in regular expressions here", 0, 2],
  ["\\u0041", "`\\u` is not available in regular expressions here", 0, 2],
  ["[\\b]", "`\\b` is not available in regular expressions here", 1, 3],
  ["\\x{110000}", "`\\x` is not available in regular expressions here", 0, 2],
  ["a\\", "Expected a character after the backslash", 1, 2],
  ["(".repeat(101), "More than 100 parentheses inside one another", 100, 101],
  ["a".repeat(2001), "The regular expression is longer than 2000 characters", 0, 2001],
])("%.40s is refused", (source, message, start, end) => {
  expect(checkRegex(source)).toEqual({ message, start, end });
});
