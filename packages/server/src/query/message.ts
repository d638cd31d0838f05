import type { Pattern, Target } from "./ast.ts";
import type { Parameters } from "./parameters.ts";
import { sqlRegex } from "./pattern.ts";

/**
 * Words in the message.
 *
 * The text index on `Body` splits `lowerUTF8(Body)` at every ASCII character that is neither letter nor digit
 * (`splitByNonAlpha`); all of Unicode beyond ASCII belongs to tokens. A word matches where its text stands in
 * the message, in any case, and doesn't go on with a token character before or after it. So `card` finds
 * `Card!`, not `postcard`. What the index knows is asked first, as `hasAllTokens`; the position of what it
 * cannot know (`card-declined` is two tokens side by side) is then checked on the few rows that are left.
 */

const TOKEN_CHARACTER = "0-9A-Za-z\\x{80}-\\x{10FFFF}";
const TOKEN = /[0-9A-Za-z\u0080-\uffff]+/g;
const STARTS_WITH_TOKEN = /^[0-9A-Za-z\u0080-\uffff]/;
const ENDS_WITH_TOKEN = /[0-9A-Za-z\u0080-\uffff]$/;

/** The condition that the message has the word or phrase. */
export function messageMatches(pattern: Pattern, target: Target, parameters: Parameters): string {
  const pieces = pattern.pieces.map((piece) => piece.toLowerCase());
  const conditions: string[] = [];
  const tokens = target === "logs" ? wholeTokens(pieces) : [];
  if (tokens.length > 0) conditions.push(`hasAllTokens(Body, ${parameters.add(tokens, "Array(String)")})`);
  const text = pieces[0] as string;
  const isOneToken = pieces.length === 1 && tokens.length === 1 && tokens[0] === text;
  if (!isOneToken) {
    const column = target === "logs" ? "lowerUTF8(Body)" : "lowerUTF8(SpanName)";
    const isBounded = STARTS_WITH_TOKEN.test(text) || ENDS_WITH_TOKEN.test(pieces.at(-1) as string);
    conditions.push(
      pieces.length === 1 && !isBounded
        ? `(position(${column}, ${parameters.add(text, "String")}) > 0)`
        : `match(${column}, ${parameters.add(boundedRegex(pieces), "String")})`,
    );
  }
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(" AND ")})`;
}

/** The condition that a regular expression finds something in the message. */
export function messageRegex(
  source: string,
  ignoreCase: boolean,
  target: Target,
  parameters: Parameters,
): string {
  const column = target === "logs" ? "Body" : "SpanName";
  return `match(${column}, ${parameters.add(sqlRegex.of(source, ignoreCase), "String")})`;
}

/** The tokens that a message has for certain when it has the pattern: those that no star can lengthen. */
function wholeTokens(pieces: readonly string[]): readonly string[] {
  const tokens = new Set<string>();
  pieces.forEach((piece, index) => {
    for (const match of piece.matchAll(TOKEN)) {
      const isOpenBefore = match.index === 0 && index > 0;
      const isOpenAfter = match.index + match[0].length === piece.length && index < pieces.length - 1;
      if (!isOpenBefore && !isOpenAfter) tokens.add(match[0]);
    }
  });
  return [...tokens];
}

/** A star inside a word is any text without blanks; one at its end only lifts the boundary. */
function boundedRegex(pieces: readonly string[]): string {
  const first = pieces[0] as string;
  const last = pieces.at(-1) as string;
  const before = STARTS_WITH_TOKEN.test(first) ? `(?:^|[^${TOKEN_CHARACTER}])` : "";
  const after = ENDS_WITH_TOKEN.test(last) ? `(?:$|[^${TOKEN_CHARACTER}])` : "";
  const inner = pieces.filter((piece, index) => piece !== "" || (index > 0 && index < pieces.length - 1));
  return before + inner.map(sqlRegex.escape).join("\\S*") + after;
}
