import type { Filter } from "./ast.ts";
import { A_TERM, Cursor, QUERY_LIMITS, type QueryLimits } from "./cursor.ts";
import { type QueryError, QueryFailure, type QueryHint } from "./error.ts";
import { fieldReference } from "./fields.ts";
import type { Token } from "./lexer.ts";
import { isEverything, type Owner, parseValue, readRegex } from "./predicate.ts";
import type { Target } from "./target.ts";

export interface ParseOptions {
  /** What is asked: some fields differ. @defaultValue `"logs"` */
  readonly target?: Target;
  /** @defaultValue {@link QUERY_LIMITS} */
  readonly limits?: QueryLimits;
}

export type ParseResult =
  | { readonly ok: true; readonly tree: Filter; readonly hints: readonly QueryHint[] }
  | { readonly ok: false; readonly error: QueryError };

/** What an error offers where a value is missing. */
const A_VALUE = ["a value", '"a phrase"', "prefix*", "/regex/", ">=5", "[1 TO 9]"] as const;

/**
 * Reads the filter part of the query language.
 *
 * @example
 * parseQuery("level:>=warn card").ok; // true
 * parseQuery("level:"); // { ok: false, error: { message: "Expected a value after `level:`", start: 6, end: 6, … } }
 */
export function parseQuery(text: string, options: ParseOptions = {}): ParseResult {
  try {
    const cursor = new Cursor(text, options.target ?? "logs", options.limits ?? QUERY_LIMITS);
    if (cursor.peek() === undefined)
      return { ok: true, tree: { kind: "all", start: 0, end: text.length }, hints: [] };
    const hints: QueryHint[] = [];
    const tree = or(cursor, null, hints);
    if (cursor.peek() !== undefined) throw cursor.unexpected(cursor.peek());
    return { ok: true, tree, hints };
  } catch (error) {
    if (error instanceof QueryFailure) return { ok: false, error: error.error };
    throw error;
  }
}

/*
 * Recursive descent: or → and → not → primary. The owner is the field whose values stand in parentheses,
 * `level:(warn OR error)`; there, words are its values.
 */

function or(cursor: Cursor, owner: Owner | null, hints: QueryHint[]): Filter {
  const parts = [and(cursor, owner, hints)];
  while (cursor.peek()?.kind === "or") {
    cursor.advance();
    parts.push(and(cursor, owner, hints));
  }
  return joined("or", parts);
}

function and(cursor: Cursor, owner: Owner | null, hints: QueryHint[]): Filter {
  const parts = [not(cursor, owner, hints)];
  for (;;) {
    const token = cursor.peek();
    if (token === undefined || token.kind === "or" || token.kind === "close" || token.kind === "pipe") break;
    if (token.kind === "and") cursor.advance();
    else checkIsApart(cursor, token);
    parts.push(not(cursor, owner, hints));
  }
  return joined("and", parts);
}

function joined(kind: "and" | "or", parts: readonly Filter[]): Filter {
  const first = parts[0] as Filter;
  if (parts.length === 1) return first;
  return { kind, parts, start: first.start, end: (parts.at(-1) as Filter).end };
}

function not(cursor: Cursor, owner: Owner | null, hints: QueryHint[]): Filter {
  const token = cursor.peek();
  if (token?.kind !== "not" && token?.kind !== "minus") return primary(cursor, owner, hints);
  cursor.advance();
  const part = cursor.nested(token, () => not(cursor, owner, hints));
  return { kind: "not", part, start: token.start, end: part.end };
}

function primary(cursor: Cursor, owner: Owner | null, hints: QueryHint[]): Filter {
  const token = cursor.peek();
  switch (token?.kind) {
    case "open":
      return group(cursor, token, owner, hints);
    case "field":
      return field(cursor, token, hints);
    case "word":
    case "string":
    case "regex":
      return owner === null ? term(cursor, token, hints) : parseValue(cursor, owner, token.start);
    case "comparison":
    case "rangeOpen":
      if (owner !== null) return parseValue(cursor, owner, token.start);
  }
  throw cursor.unexpected(token);
}

function group(cursor: Cursor, open: Token, owner: Owner | null, hints: QueryHint[]): Filter {
  cursor.advance();
  const first = cursor.peek();
  if (first?.kind === "close") {
    const range = { start: open.start, end: first.end };
    throw new QueryFailure(
      "The parentheses are empty; to search for them, write them in quotes",
      range,
      A_TERM,
    );
  }
  if (first === undefined) throw unclosed(open);
  const inner = cursor.nested(open, () => or(cursor, owner, hints));
  const close = cursor.peek();
  if (close === undefined) throw unclosed(open);
  if (close.kind !== "close") throw cursor.unexpected(close);
  cursor.advance();
  return { ...inner, start: open.start, end: close.end };
}

function unclosed(open: Token): QueryFailure {
  return new QueryFailure("This parenthesis is never closed; to search for it, write it in quotes", open, [
    ")",
  ]);
}

/** A word, phrase or regular expression for the message. */
function term(cursor: Cursor, token: Token, hints: QueryHint[]): Filter {
  cursor.countTerm(token);
  cursor.advance();
  const { start, end } = token;
  if (token.kind === "regex") return { kind: "regex", ...readRegex(cursor, token), start, end };
  const pattern = cursor.literal(token);
  if (isEverything(pattern)) return { kind: "all", start, end };
  if (pattern.pieces.length === 1 && pattern.pieces[0] === "") {
    throw new QueryFailure("The phrase is empty", token, A_TERM);
  }
  const word = cursor.textOf(token);
  if (/^(?:and|or|not)$/i.test(word)) {
    const message = `\`${word}\` is searched for as a word; the operator is written \`${word.toUpperCase()}\``;
    hints.push({ message, start, end });
  }
  return { kind: "text", pattern, start, end };
}

function field(cursor: Cursor, token: Token, hints: QueryHint[]): Filter {
  const { pieces } = cursor.literal(token);
  const name = pieces[0] as string;
  const written = cursor.shown(token);
  if (pieces.length > 1) {
    const message = `A field's name can't have a star; if it has one, write it in quotes: \`"${written}":\``;
    throw new QueryFailure(message, token);
  }
  if (name === "") throw new QueryFailure("The field's name is empty", token, ["a field"]);
  cursor.advance();
  const colon = cursor.peek() as Token;
  cursor.advance();
  const value = cursor.peek();
  if (value === undefined || value.start !== colon.end || value.kind === "close" || value.kind === "pipe") {
    const isBlankBetween = value !== undefined && value.start !== colon.end && !written.startsWith('"');
    const remedy = isBlankBetween ? `; to search for the text, write \`"${written}:"\`` : "";
    const range = { start: colon.end, end: colon.end };
    throw new QueryFailure(`Expected a value after \`${written}:\`${remedy}`, range, A_VALUE);
  }
  const owner: Owner = { name, written, field: fieldReference(name, cursor.target) };
  if (value.kind !== "open") return parseValue(cursor, owner, token.start);
  return { ...group(cursor, value, owner, hints), start: token.start };
}

/** `"a"b` is a slip, not two terms. */
function checkIsApart(cursor: Cursor, token: Token): void {
  const before = cursor.last();
  if (before?.end !== token.start || (before.kind !== "string" && before.kind !== "regex")) return;
  const isStar = before.kind === "string" && cursor.text[token.start] === "*";
  throw new QueryFailure(
    isStar
      ? "A star counts only outside quotes; escape the blanks instead: `card\\ decl*`"
      : `Expected a blank after \`${cursor.shown(before)}\``,
    token,
    isStar ? [] : ["a blank"],
  );
}
