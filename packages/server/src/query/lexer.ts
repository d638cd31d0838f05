import type { Range } from "./ast.ts";

export type TokenKind =
  | "space"
  | "word"
  | "string"
  | "regex"
  | "field"
  | "colon"
  | "comparison"
  | "and"
  | "or"
  | "not"
  | "minus"
  | "open"
  | "close"
  | "rangeOpen"
  | "rangeClose"
  | "to"
  | "pipe"
  /** A quote that is never closed, up to the end of the text. */
  | "unclosed";

export interface Token extends Range {
  readonly kind: TokenKind;
}

const SPACE = /\s/;
/** How an unquoted field name begins: digits are left out so that `12:30` is a word. */
const FIELD_START = /[A-Za-z_@$\\\u0080-\uffff]/;
const COMPARISON = /[<>]=?|!?=/y;

/** What encloses the place we are at: parentheses, those of `field:( … )`, where a colon is only a character. */
type Enclosure = "group" | "values";

/**
 * Splits a query into tokens. Never fails, and the tokens cover every character in order, so an editor can
 * colour what is still wrong. Linear in the length of the text.
 *
 * @example
 * tokenize("level:warn").map((token) => token.kind); // ["field", "colon", "word"]
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const enclosures: Enclosure[] = [];
  let at = 0;
  /** The next token is the value of a field: it follows a colon or a comparison without a blank. */
  let isValue = false;
  let isInRange = false;

  const push = (kind: TokenKind, end: number): void => {
    tokens.push({ kind, start: at, end });
    at = end;
  };

  while (at < text.length) {
    const char = text[at] as string;
    const wasValue = isValue;
    isValue = false;
    if (SPACE.test(char)) {
      push("space", endOfSpace(text, at));
    } else if (char === '"') {
      const end = endOfString(text, at);
      if (end < 0) push("unclosed", text.length);
      else if (!wasValue && !isInRange && enclosures.at(-1) !== "values" && isFieldColon(text, end)) {
        push("field", end);
        push("colon", end + 1);
        isValue = true;
      } else push("string", end);
    } else if (isInRange) {
      if (char === "]" || char === "}") {
        push("rangeClose", at + 1);
        isInRange = false;
      } else {
        const end = endOfWord(text, at, /[\s"\]}|()]/);
        if (end === at) {
          isInRange = false; // parentheses or a pipe: the range was never closed
        } else push(text.slice(at, end) === "TO" ? "to" : "word", end);
      }
    } else if (char === "(") {
      enclosures.push(wasValue || enclosures.at(-1) === "values" ? "values" : "group");
      push("open", at + 1);
    } else if (char === ")") {
      enclosures.pop();
      push("close", at + 1);
    } else if (char === "|") {
      push("pipe", at + 1);
    } else {
      const isAmongValues = enclosures.at(-1) === "values";
      if ((wasValue || isAmongValues) && (char === "[" || char === "{")) {
        push("rangeOpen", at + 1);
        isInRange = true;
        continue;
      }
      if (wasValue || isAmongValues) {
        COMPARISON.lastIndex = at;
        const comparison = COMPARISON.exec(text);
        if (comparison !== null && tokens.at(-1)?.kind !== "comparison") {
          push("comparison", COMPARISON.lastIndex);
          isValue = true;
          continue;
        }
      }
      if (char === "-" && !wasValue && isNegation(text, at)) {
        push("minus", at + 1);
        continue;
      }
      if (char === "/") {
        const end = endOfRegex(text, at);
        if (end > 0) {
          push("regex", end);
          continue;
        }
      }
      const end = endOfWord(text, at, /[\s"|()]/);
      if (!wasValue && !isAmongValues) {
        const colon = fieldColon(text, at, end);
        if (colon > 0) {
          push("field", colon);
          push("colon", colon + 1);
          isValue = true;
          continue;
        }
      }
      push(wasValue ? "word" : keyword(text.slice(at, end)), end);
    }
  }
  return tokens;
}

function keyword(word: string): TokenKind {
  if (word === "AND") return "and";
  if (word === "OR") return "or";
  if (word === "NOT") return "not";
  return "word";
}

function endOfSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && SPACE.test(text[at] as string)) at++;
  return at;
}

/** The offset after the closing quote, or -1. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

/** The offset of the first character that ends a word; an escaped character never does. */
function endOfWord(text: string, start: number, stop: RegExp): number {
  let at = start;
  while (at < text.length && !stop.test(text[at] as string)) at += text[at] === "\\" ? 2 : 1;
  return Math.min(at, text.length);
}

/**
 * The offset after `/regex/` or `/regex/i`, or -1: then the slash begins a path. It is a regular expression
 * when the next slash that is not escaped ends the term, so `/api/v1/orders` and `/health` are words.
 */
function endOfRegex(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== "/") at += text[at] === "\\" ? 2 : 1;
  if (at >= text.length || at === start + 1) return -1;
  const end = text[at + 1] === "i" ? at + 2 : at + 1;
  const next = text[end];
  return next === undefined || next === ")" || next === "|" || SPACE.test(next) ? end : -1;
}

/** Whether the dash is a NOT: `-word`, but neither a lone dash nor `--flag`. */
function isNegation(text: string, at: number): boolean {
  const next = text[at + 1];
  return next !== undefined && next !== "-" && next !== ")" && next !== "|" && !SPACE.test(next);
}

/** Whether a colon that ends a field's name is here: not that of `http://` or `std::io`. */
function isFieldColon(text: string, at: number): boolean {
  return text[at] === ":" && text[at + 1] !== ":" && !(text[at + 1] === "/" && text[at + 2] === "/");
}

/** The offset of the colon behind the field's name that a word begins with, or -1. */
function fieldColon(text: string, start: number, end: number): number {
  if (!FIELD_START.test(text[start] as string)) return -1;
  for (let at = start; at < end; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === ":") return isFieldColon(text, at) ? at : -1;
  }
  return -1;
}
