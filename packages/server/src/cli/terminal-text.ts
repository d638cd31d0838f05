/** Colours and bold in a record's text: shown, they would only leak into what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject
const COLOURS = /\x1b\[[\d;:]{0,64}m/g;

/**
 * What a terminal obeys rather than shows: the C0 and C1 controls save tab and line feed, and the marks that
 * reorder or break what is around them (Unicode's bidirectional controls, line and paragraph separators).
 */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A record's text, safe to print: a log line is a stranger's, and an escape sequence in it could retitle the
 * window, clear what was printed before, or type into the shell. Colours are dropped, other controls are shown
 * as `\x1b`. Line feeds stay.
 *
 * @example
 * printable("\u001b[31mred\u001b[0m \u001b]0;title\u0007"); // "red \\x1b]0;title\\x07"
 */
export function printable(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(COLOURS, "").replace(CONTROLS, escapeOf);
}

/** Like {@link printable}, on one line: line feeds and tabs are shown as `\n` and `\t`. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** The text in at most so many characters; what is left out is told by `…`. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  if (character === "\r") return "\\r";
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
