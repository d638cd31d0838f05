import type { Range } from "./range.ts";

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
const END_OF_WORD = /[\s"|()]/;
const END_OF_WORD_IN_RANGE = /[\s"|()\]}]/;

/**
 * Splits a query into tokens. Never fails, and the tokens cover every character in order, so an editor can
 * colour what is still wrong. Linear in the length of the text.
 *
 * @example
 * tokenize("level:warn").map((token) => token.kind); // ["field", "colon", "word"]
 */
export function tokenize(text: string): readonly Token[] {
  return new Lexer(text).tokens();
}

/** A token's kind and the offset after it. */
type Found = readonly [kind: TokenKind, end: number];

/** Goes through a text once; one object a text. */
class Lexer {
  private readonly text: string;
  /** Open parentheses: true for those of `field:( … )`, where words are values and a colon is a character. */
  private readonly enclosures: boolean[] = [];
  private at = 0;
  private last: TokenKind | undefined;
  private isInRange = false;

  constructor(text: string) {
    this.text = text;
  }

  tokens(): readonly Token[] {
    const tokens: Token[] = [];
    while (this.at < this.text.length) {
      const [kind, end] = this.next();
      tokens.push({ kind, start: this.at, end });
      this.at = end;
      this.last = kind;
    }
    return tokens;
  }

  private next(): Found {
    if (this.last === "field") return ["colon", this.at + 1];
    const char = this.text[this.at] as string;
    if (SPACE.test(char)) return ["space", this.endOfSpace()];
    return (this.isInRange ? this.inRange(char) : undefined) ?? this.outside(char);
  }

  /** A token between the brackets of a range; none when a parenthesis or pipe shows that it was never closed. */
  private inRange(char: string): Found | undefined {
    if (char === '"') return this.quoted(false);
    if (char === "]" || char === "}") {
      this.isInRange = false;
      return ["rangeClose", this.at + 1];
    }
    const end = endOfWord(this.text, this.at, END_OF_WORD_IN_RANGE);
    if (end > this.at) return [this.text.slice(this.at, end) === "TO" ? "to" : "word", end];
    this.isInRange = false;
    return undefined;
  }

  private outside(char: string): Found {
    const isValue = this.last === "colon" || this.last === "comparison";
    const isAmongValues = isValue || this.enclosures.at(-1) === true;
    switch (char) {
      case '"':
        return this.quoted(!isAmongValues);
      case "(":
        this.enclosures.push(isAmongValues);
        return ["open", this.at + 1];
      case ")":
        this.enclosures.pop();
        return ["close", this.at + 1];
      case "|":
        return ["pipe", this.at + 1];
    }
    if (isAmongValues) {
      if (char === "[" || char === "{") {
        this.isInRange = true;
        return ["rangeOpen", this.at + 1];
      }
      COMPARISON.lastIndex = this.at;
      if (this.last !== "comparison" && COMPARISON.test(this.text))
        return ["comparison", COMPARISON.lastIndex];
    }
    if (char === "-" && !isValue && isNegation(this.text, this.at)) return ["minus", this.at + 1];
    const endOfExpression = char === "/" ? endOfRegex(this.text, this.at) : -1;
    if (endOfExpression > 0) return ["regex", endOfExpression];
    return this.word(isValue, isAmongValues);
  }

  /** A phrase, or a field's name in quotes. */
  private quoted(canBeField: boolean): Found {
    const end = endOfString(this.text, this.at);
    if (end < 0) return ["unclosed", this.text.length];
    return [canBeField && isFieldColon(this.text, end) ? "field" : "string", end];
  }

  private word(isValue: boolean, isAmongValues: boolean): Found {
    const end = endOfWord(this.text, this.at, END_OF_WORD);
    const colon = isAmongValues ? -1 : fieldColon(this.text, this.at, end);
    if (colon > 0) return ["field", colon];
    return [isValue ? "word" : kindOfWord(this.text.slice(this.at, end)), end];
  }

  private endOfSpace(): number {
    let end = this.at + 1;
    while (end < this.text.length && SPACE.test(this.text[end] as string)) end++;
    return end;
  }
}

function kindOfWord(word: string): TokenKind {
  if (word === "AND") return "and";
  if (word === "OR") return "or";
  if (word === "NOT") return "not";
  return "word";
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
