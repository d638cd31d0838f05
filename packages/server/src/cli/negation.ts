/**
 * In a query `-path:/health` excludes; on a command line a dash begins a flag. A word that begins with one dash and
 * is no short flag is therefore marked as a word with a character that no argument can hold, and unmarked by
 * {@link queryOf}.
 */
const MARK = "\0";

/** Commands that take a query. */
const ASKING: ReadonlySet<string> = new Set(["search", "tail"]);
const SHORT_FLAG = /^-(?:n\d*|h|V)$/;

export function markNegations(words: readonly string[]): string[] {
  const [command = "", ...rest] = words;
  if (!ASKING.has(command)) return [...words];
  return [
    command,
    ...rest.map((word) => (/^-[^-\d]/.test(word) && !SHORT_FLAG.test(word) ? MARK + word : word)),
  ];
}

/**
 * The query that the words of a command line make.
 *
 * @example
 * queryOf(["level:error", "-path:/health"]); // "level:error -path:/health"
 */
export function queryOf(words: readonly string[]): string {
  return words.join(" ").replaceAll(MARK, "").trim();
}
