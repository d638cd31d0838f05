import type { Pattern } from "./ast.ts";

const SPECIAL = /[\\^$.|?*+()[\]{}]/g;

/** Regular expressions as ClickHouse's `match` reads them (RE2; a dot also matches the end of a line). */
export const sqlRegex = {
  /** The expression that matches exactly this text. NUL can't stand in ClickHouse's expressions as it is. */
  escape(text: string): string {
    return text.replace(SPECIAL, "\\$&").replaceAll("\0", "\\x00");
  },
  of(source: string, ignoreCase: boolean): string {
    return ignoreCase ? `(?i)${source}` : source;
  },
} as const;

/** The expression that a whole field value must match: a star is any text. */
export function patternRegex(pattern: Pattern): string {
  return `^${pattern.pieces.map(sqlRegex.escape).join(".*")}$`;
}
