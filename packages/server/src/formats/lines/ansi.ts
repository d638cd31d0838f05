const ESCAPE = "\x1b";
/** Select Graphic Rendition and the few that move the cursor. Source: ECMA-48, section 5.4. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const SEQUENCE = /\x1b\[[\d;?]{0,32}[A-Za-z]/g;

/** The text without colours. */
export function stripAnsi(text: string): string {
  return text.includes(ESCAPE) ? text.replace(SEQUENCE, "") : text;
}
