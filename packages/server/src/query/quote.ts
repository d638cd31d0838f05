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
  return BARE_VALUE.test(value) && !KEYWORD.test(value) && !/\s/.test(value) ? value : quotePhrase(value);
}

/**
 * A field's name as it is written before the colon.
 *
 * @example
 * quoteField("weird name"); // '"weird name"'
 */
export function quoteField(name: string): string {
  return BARE_FIELD.test(name) && !KEYWORD.test(name) ? name : quotePhrase(name);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * A text as a phrase for the message. What an editor of one line can't hold is escaped.
 *
 * @example
 * quotePhrase('say "hi"'); // '"say \\"hi\\""'
 */
export function quotePhrase(text: string): string {
  const escaped = text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be found
    /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
    (char) => ESCAPES[char] ?? `\\u{${char.charCodeAt(0).toString(16)}}`,
  );
  return `"${escaped}"`;
}
