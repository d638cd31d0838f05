import type { Pattern } from "../ast.ts";

const REGEX_SPECIAL = /[\\^$.|?*+()[\]{}]/g;
const LIKE_SPECIAL = /[\\%_]/g;

/** The regular expression that matches exactly this text. NUL can't stand in ClickHouse's as it is. */
export function regexEscape(text: string): string {
  return text.replace(REGEX_SPECIAL, "\\$&").replaceAll("\0", "\\x00");
}

/** The pattern of LIKE that a whole value must match: a star is any text. */
export function likePattern(pattern: Pattern): string {
  return pattern.pieces.map((piece) => piece.replace(LIKE_SPECIAL, "\\$&")).join("%");
}

/** An expression of the query as ClickHouse's `match` reads it. */
export function regexSource(source: string, ignoreCase: boolean): string {
  return ignoreCase ? `(?i)${source}` : source;
}
