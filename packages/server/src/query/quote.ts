/** Values that stand for themselves behind a colon. The first character is no operator, bracket or slash. */
const BARE_VALUE =
  /^[0-9A-Za-z_\u00a1-\u1fff\u3040-\ud7ff][0-9A-Za-z_.:/@+,;=#%&~\u00a1-\u1fff\u3040-\ud7ff-]*$/;
const BARE_FIELD = /^[A-Za-z_@][0-9A-Za-z_.@/-]*$/;
const KEYWORD = /^(?:AND|OR|NOT|TO)$/;

/**
 * A value as it is written behind `field:` so that exactly it is meant, whatever it holds.
 *
 * @example
 * quoteValue("a b"); // '"a b"'
 */
export function quoteValue(value: string): string {
  return BARE_VALUE.test(value) && !KEYWORD.test(value) && !/\s/.test(value) ? value : quoted(value);
}

/**
 * A field's name as it is written before the colon.
 *
 * @example
 * quoteField("weird name"); // '"weird name"'
 */
export function quoteField(name: string): string {
  return BARE_FIELD.test(name) && !KEYWORD.test(name) ? name : quoted(name);
}

function quoted(text: string): string {
  const escaped = text
    .replace(/["\\]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}
