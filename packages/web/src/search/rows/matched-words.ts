import { type Filter, parseQuery } from "@polylog/server/query";

/** More words than this are not looked for in each row. */
const MOST_WORDS = 20;
/** More marks than this in one message say nothing. */
const MOST_MARKS = 50;

/** Finds the words and phrases that a query asks of the message; `undefined` when it asks for none. */
export function wordFinder(query: string): RegExp | undefined {
  const result = parseQuery(query);
  if (!result.ok) return undefined;
  const words = [...new Set(wordsOf(result.tree))].slice(0, MOST_WORDS);
  if (words.length === 0) return undefined;
  // The longest first, so that a phrase is marked as a whole rather than by the word it begins with.
  const alternatives = words.sort((a, b) => b.length - a.length).map(escapeRegExp);
  return new RegExp(alternatives.join("|"), "giu");
}

function wordsOf(tree: Filter): readonly string[] {
  switch (tree.kind) {
    case "text":
      return tree.pattern.pieces.filter((piece) => piece !== "");
    case "and":
    case "or":
      return tree.parts.flatMap(wordsOf);
    default:
      return [];
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

export interface TextPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** A text in parts, with those that a query asks for told apart. */
export function markedParts(text: string, finder: RegExp): readonly TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(finder)) {
    if (parts.length > 2 * MOST_MARKS) break;
    if (match.index > at) parts.push({ text: text.slice(at, match.index), isMatch: false });
    parts.push({ text: match[0], isMatch: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isMatch: false });
  return parts;
}
