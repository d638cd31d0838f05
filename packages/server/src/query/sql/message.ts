import type { Pattern } from "../ast.ts";
import type { Target } from "../target.ts";
import type { Parameters } from "./parameters.ts";
import { regexEscape, regexSource } from "./text.ts";

/**
 * Words in the message.
 *
 * A word matches where its text stands in the message, in any case, and doesn't go on with a token character
 * before or after it: `card` finds `Card!`, not `postcard`. Token characters are ASCII letters and digits and
 * everything beyond ASCII, because the text index on `Body` splits `lowerUTF8(Body)` so (`splitByNonAlpha`).
 * What the index knows is asked first and leaves few rows; what it can't know, as that the two tokens of
 * `card-declined` stand side by side, is checked on those.
 */

const TOKEN_CHARACTER = "0-9A-Za-z\\x{80}-\\x{10FFFF}";
const TOKEN = /[0-9A-Za-z\u0080-\uffff]+/g;
const STARTS_WITH_TOKEN = /^[0-9A-Za-z\u0080-\uffff]/;
const ENDS_WITH_TOKEN = /[0-9A-Za-z\u0080-\uffff]$/;

/**
 * The shortest part of a token that the index is asked for: ClickHouse scans the index's dictionary for ILIKE
 * from four characters on (`text_index_like_min_pattern_length`). Over 3M rows 40 ms, without it 210.
 */
const SHORTEST_PART = /^[0-9A-Za-z]{4,}$/;

/** The text that words are searched in. A span has its name, and what its status says. */
const MESSAGE = { logs: "Body", traces: "concat(SpanName, '\\n', StatusMessage)" } as const;

/** What a word asks of a message: all must hold. */
export interface WordConditions {
  /** Tokens that the message must have, for `hasAllTokens`. */
  readonly tokens: readonly string[];
  /** Conditions beside them. */
  readonly others: readonly string[];
}

/**
 * The conditions that the message has a word or phrase.
 *
 * @param canHint whether a condition that only makes the search quicker is worth its while
 */
export function wordConditions(
  pattern: Pattern,
  target: Target,
  parameters: Parameters,
  canHint: boolean,
): WordConditions {
  const pieces = pattern.pieces.map((piece) => piece.toLowerCase());
  const { whole, parts } = tokensOf(pieces);
  const tokens = target === "logs" ? whole : [];
  if (pieces.length === 1 && tokens.length === 1 && tokens[0] === pieces[0]) return { tokens, others: [] };
  const others: string[] = [];
  const part = longest(parts.filter((token) => SHORTEST_PART.test(token)));
  if (canHint && target === "logs" && part !== undefined) {
    others.push(`Body ILIKE ${parameters.add(`%${part}%`, "String")}`);
  }
  const text = `lowerUTF8(${MESSAGE[target]})`;
  const regex = boundedRegex(pieces);
  others.push(
    regex === null
      ? `position(${text}, ${parameters.add(pieces[0], "String")}) > 0`
      : `match(${text}, ${parameters.add(regex, "String")})`,
  );
  return { tokens, others };
}

export function hasTokens(tokens: readonly string[], parameters: Parameters): string {
  return `hasAllTokens(Body, ${parameters.add(tokens, "Array(String)")})`;
}

/** The condition that a regular expression finds something in the message. */
export function messageRegex(
  source: string,
  ignoreCase: boolean,
  target: Target,
  parameters: Parameters,
): string {
  return `match(${MESSAGE[target]}, ${parameters.add(regexSource(source, ignoreCase), "String")})`;
}

/** The tokens of a pattern: those that a message has whole, and those that go on where a star stands. */
function tokensOf(pieces: readonly string[]): { whole: readonly string[]; parts: readonly string[] } {
  const whole = new Set<string>();
  const parts = new Set<string>();
  pieces.forEach((piece, index) => {
    for (const { 0: token, index: start } of piece.matchAll(TOKEN)) {
      const goesOnBefore = start === 0 && index > 0;
      const goesOnAfter = start + token.length === piece.length && index < pieces.length - 1;
      (goesOnBefore || goesOnAfter ? parts : whole).add(token);
    }
  });
  return { whole: [...whole], parts: [...parts] };
}

function longest(texts: readonly string[]): string | undefined {
  return texts.toSorted((a, b) => b.length - a.length)[0];
}

/**
 * The expression for the pattern with its boundaries, or null when it is plain text without any. A star
 * inside a word is any text without blanks; one at its end only lifts the boundary there.
 */
function boundedRegex(pieces: readonly string[]): string | null {
  const before = STARTS_WITH_TOKEN.test(pieces[0] as string) ? `(?:^|[^${TOKEN_CHARACTER}])` : "";
  const after = ENDS_WITH_TOKEN.test(pieces.at(-1) as string) ? `(?:$|[^${TOKEN_CHARACTER}])` : "";
  if (pieces.length === 1 && before === "" && after === "") return null;
  const first = pieces[0] === "" ? 1 : 0;
  const end = pieces.at(-1) === "" ? -1 : pieces.length;
  return before + pieces.slice(first, end).map(regexEscape).join("\\S*") + after;
}
