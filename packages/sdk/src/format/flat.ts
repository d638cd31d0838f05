/**
 * The same text in one piece. V8 keeps what was put together with `+` as a tree of its parts and walks it again
 * at each use; a fragment that is kept for many records is flattened once (237 → 125 ns a record, bench `sdk`).
 */
export function flat(text: string): string {
  // Reading it as a number makes V8 write the tree out into one string.
  Number(text);
  return text;
}
