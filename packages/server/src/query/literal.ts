import type { Pattern } from "./ast.ts";
import { QueryFailure } from "./error.ts";

/** Characters that `\n`, `\t` and `\r` stand for. */
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
const UNICODE_ESCAPE = /\\u\{([0-9A-Fa-f]{1,6})\}/y;
const PUNCTUATION = /[\s!-/:-@[-`{-~]/;

/**
 * Reads the escapes of `text` between two offsets: `\` before punctuation or a blank is that character,
 * `\n \r \t` are controls, `\u{1F4A5}` is any character. Stars that are not escaped part the pieces when
 * `hasStars`.
 */
export function readLiteral(text: string, start: number, end: number, hasStars: boolean): Pattern {
  const pieces: string[] = [];
  let piece = "";
  let at = start;
  while (at < end) {
    const char = text[at] as string;
    if (char === "*" && hasStars) {
      if (pieces.length === 0 || piece !== "") pieces.push(piece); // two stars are one
      piece = "";
      at++;
    } else if (char === "\\") {
      const [value, length] = readEscape(text, at, end);
      piece += value;
      at += length;
    } else {
      piece += char;
      at++;
    }
  }
  pieces.push(piece);
  return { pieces };
}

function readEscape(text: string, at: number, end: number): readonly [value: string, length: number] {
  const next = at + 1 < end ? (text[at + 1] as string) : "";
  const control = Object.hasOwn(CONTROLS, next) ? CONTROLS[next] : undefined;
  if (control !== undefined) return [control, 2];
  if (next === "u") {
    UNICODE_ESCAPE.lastIndex = at;
    const digits = UNICODE_ESCAPE.exec(text)?.[1];
    const code = digits === undefined ? -1 : Number.parseInt(digits, 16);
    if (code >= 0 && code <= 0x10ffff) return [String.fromCodePoint(code), (digits as string).length + 4];
    throw new QueryFailure("Write a character by its number as `\\u{1F4A5}`", {
      start: at,
      end: Math.min(at + 2, end),
    });
  }
  if (next !== "" && PUNCTUATION.test(next)) return [next, 2];
  throw new QueryFailure(
    next === ""
      ? "Expected a character after the backslash; write `\\\\` for a backslash"
      : `\`\\${next}\` is not an escape; write \`\\\\\` for a backslash`,
    { start: at, end: Math.min(at + 2, end) },
    ["\\\\", '\\"', "\\n", "\\t", "\\u{…}"],
  );
}
