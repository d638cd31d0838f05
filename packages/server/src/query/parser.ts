import type { Bound, FieldTerm, Filter, Pattern, Predicate, Range, Target } from "./ast.ts";
import { type QueryError, QueryFailure, type QueryHint } from "./error.ts";
import { type FieldReference, fieldReference } from "./fields.ts";
import { severitiesOf, unknownLevel } from "./level.ts";
import { type Token, tokenize } from "./lexer.ts";
import { readLiteral } from "./literal.ts";
import { readOperand } from "./operand.ts";
import { checkRegex } from "./regex.ts";

/** What a query may be at most; the defaults suit a query that a person or a page makes. */
export interface QueryLimits {
  /** UTF-16 code units. */
  readonly length: number;
  /** Words, phrases and fields. Bounds the statement that comes of it. */
  readonly terms: number;
  /** Parentheses and NOTs inside one another. */
  readonly depth: number;
}
export const QUERY_LIMITS: QueryLimits = { length: 16_384, terms: 300, depth: 50 };

export interface ParseOptions {
  /** What is asked: some fields differ. Default `logs`. */
  readonly target?: Target;
  readonly limits?: QueryLimits;
}

export type ParseResult =
  | { readonly ok: true; readonly tree: Filter; readonly hints: readonly QueryHint[] }
  | { readonly ok: false; readonly error: QueryError };

const A_TERM = ["a word", '"a phrase"', "field:value"] as const;
const A_VALUE = ["a value", '"a phrase"', "prefix*", "/regex/", ">=5", "[1 TO 9]"] as const;

/**
 * Reads the filter part of the query language.
 *
 * @example
 * parseQuery("level:>=warn card").ok; // true
 * parseQuery("level:"); // { ok: false, error: { message: "Expected a value after `level:`", start: 6, end: 6, … } }
 */
export function parseQuery(text: string, options: ParseOptions = {}): ParseResult {
  const limits = options.limits ?? QUERY_LIMITS;
  try {
    if (text.length > limits.length) {
      const message = `The query has ${text.length} characters, more than the ${limits.length} that are allowed`;
      throw new QueryFailure(message, { start: limits.length, end: text.length });
    }
    return new Parser(text, options.target ?? "logs", limits).parse();
  } catch (error) {
    if (error instanceof QueryFailure) return { ok: false, error: error.error };
    throw error;
  }
}

/** What the value behind a field's colon belongs to. */
interface Owner {
  readonly name: string;
  readonly field: FieldReference;
  /** The field's name as it stands in the query, for messages. */
  readonly written: string;
  readonly start: number;
}

/** Recursive descent over the tokens; one object a query. */
class Parser {
  private readonly text: string;
  private readonly target: Target;
  private readonly limits: QueryLimits;
  private readonly tokens: readonly Token[];
  private readonly hints: QueryHint[] = [];
  private at = 0;
  private terms = 0;
  private depth = 0;

  constructor(text: string, target: Target, limits: QueryLimits) {
    this.text = text;
    this.target = target;
    this.limits = limits;
    this.tokens = tokenize(text).filter((token) => token.kind !== "space");
  }

  parse(): ParseResult {
    if (this.tokens.length === 0) {
      return { ok: true, tree: { kind: "all", start: 0, end: this.text.length }, hints: [] };
    }
    const tree = this.or(null);
    const rest = this.peek();
    if (rest !== undefined) throw this.unexpected(rest);
    return { ok: true, tree, hints: this.hints };
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private textOf(range: Range): string {
    return this.text.slice(range.start, range.end);
  }

  private or(owner: Owner | null): Filter {
    const parts = [this.and(owner)];
    while (this.peek()?.kind === "or") {
      this.at++;
      parts.push(this.and(owner));
    }
    return joined("or", parts);
  }

  private and(owner: Owner | null): Filter {
    const parts = [this.not(owner)];
    for (;;) {
      const token = this.peek();
      if (token === undefined || token.kind === "or" || token.kind === "close" || token.kind === "pipe")
        break;
      if (token.kind === "and") this.at++;
      else this.checkSpaceBefore(token);
      parts.push(this.not(owner));
    }
    return joined("and", parts);
  }

  private not(owner: Owner | null): Filter {
    const token = this.peek();
    if (token?.kind !== "not" && token?.kind !== "minus") return this.primary(owner);
    this.at++;
    const part = this.nested(token, () => this.not(owner));
    return { kind: "not", part, start: token.start, end: part.end };
  }

  private primary(owner: Owner | null): Filter {
    const token = this.peek();
    switch (token?.kind) {
      case "open":
        return this.group(token, owner);
      case "field":
        return this.field(token);
      case "word":
      case "string":
      case "regex":
      case "comparison":
      case "rangeOpen":
        return owner === null ? this.term(token) : this.value(owner, token.start);
      default:
        throw this.unexpected(token);
    }
  }

  private group(open: Token, owner: Owner | null): Filter {
    this.at++;
    const first = this.peek();
    if (first?.kind === "close") {
      const range = { start: open.start, end: first.end };
      throw new QueryFailure(
        "The parentheses are empty; to search for them, write them in quotes",
        range,
        A_TERM,
      );
    }
    const inner = this.nested(open, () => this.or(owner));
    const close = this.peek();
    if (close === undefined) throw new QueryFailure("This parenthesis is never closed", open, [")"]);
    if (close.kind !== "close") throw this.unexpected(close);
    this.at++;
    return { ...inner, start: open.start, end: close.end };
  }

  /** A word, phrase or regular expression for the message. */
  private term(token: Token): Filter {
    this.count(token);
    this.at++;
    if (token.kind === "regex")
      return { kind: "regex", ...this.regex(token), start: token.start, end: token.end };
    const pattern = this.literal(token);
    if (isEverything(pattern)) return { kind: "all", start: token.start, end: token.end };
    if (token.kind === "word") this.hintLowerCaseOperator(token);
    return { kind: "text", pattern, start: token.start, end: token.end };
  }

  private field(token: Token): Filter {
    const isQuoted = this.text[token.start] === '"';
    const { pieces } = isQuoted
      ? readLiteral(this.text, token.start + 1, token.end - 1, false)
      : readLiteral(this.text, token.start, token.end, true);
    const name = pieces[0] as string;
    const written = this.textOf(token);
    if (pieces.length > 1) {
      throw new QueryFailure(
        `A field's name can't have a star; write the name in quotes: \`"${written}":\``,
        token,
      );
    }
    if (name === "") throw new QueryFailure("The field's name is empty", token, ["a field"]);
    const colon = this.tokens[this.at + 1] as Token;
    this.at += 2;
    const value = this.peek();
    if (value === undefined || value.start !== colon.end || value.kind === "close" || value.kind === "pipe") {
      throw new QueryFailure(
        `Expected a value after \`${written}:\`${value === undefined || value.start === colon.end ? "" : `; to search for the text, write \`"${isQuoted ? name : written}:"\``}`,
        { start: colon.end, end: colon.end },
        A_VALUE,
      );
    }
    const field = fieldReference(name, this.target);
    const owner: Owner = { name, field, written, start: token.start };
    if (value.kind !== "open") return this.value(owner, token.start);
    return { ...this.group(value, owner), start: token.start };
  }

  /** The value at the current token, asked of the field. */
  private value(owner: Owner, start: number): Filter {
    const token = this.peek() as Token;
    this.count(token);
    this.at++;
    switch (token.kind) {
      case "comparison":
        return this.comparison(owner, token, start);
      case "rangeOpen":
        return this.range(owner, token, start);
      case "regex": {
        if (owner.field.type === "level") throw unknownLevel(this.textOf(token), token);
        this.checkComparesAsText(owner, token);
        return this.fieldTerm(owner, { kind: "regex", ...this.regex(token) }, start, token.end);
      }
      case "word":
      case "string":
        return this.fieldTerm(owner, this.equality(owner, token), start, token.end);
      default:
        throw this.unexpected(token);
    }
  }

  private fieldTerm(owner: Owner, predicate: Predicate, start: number, end: number): FieldTerm {
    return { kind: "field", name: owner.name, predicate, start, end };
  }

  private equality(owner: Owner, token: Token): Predicate {
    const pattern = this.literal(token);
    if (isEverything(pattern)) return { kind: "exists" };
    const value = pattern.pieces[0] as string;
    if (owner.field.type === "level") {
      if (pattern.pieces.length > 1 || severitiesOf(value) === undefined)
        throw unknownLevel(this.valueText(token), token);
      return { kind: "equals", value };
    }
    if (pattern.pieces.length > 1) {
      this.checkComparesAsText(owner, token);
      return { kind: "pattern", pattern };
    }
    if (isOrdered(owner.field)) {
      const operand = readOperand(value, owner.field, owner.written, token);
      const bound = { operand, isInclusive: true };
      return { kind: "range", from: bound, to: bound };
    }
    return { kind: "equals", value };
  }

  private checkComparesAsText(owner: Owner, token: Token): void {
    if (!isOrdered(owner.field)) return;
    const message = `\`${owner.written}\` is compared as a number; use \`${owner.written}:>=…\` or \`${owner.written}:[… TO …]\``;
    throw new QueryFailure(message, token, [">=5", "[1 TO 9]"]);
  }

  /** `>=5`; the comparison is behind us. */
  private comparison(owner: Owner, comparison: Token, start: number): Filter {
    const operator = this.textOf(comparison);
    const token = this.peek();
    if (
      token === undefined ||
      token.start !== comparison.end ||
      (token.kind !== "word" && token.kind !== "string")
    ) {
      const range = { start: comparison.end, end: comparison.end };
      throw new QueryFailure(`Expected a value right after \`${operator}\``, range, ["a value"]);
    }
    this.at++;
    if (operator === "=" || operator === "!=") {
      const term = this.fieldTerm(owner, this.equality(owner, token), start, token.end);
      return operator === "=" ? term : { kind: "not", part: term, start, end: token.end };
    }
    const operand = readOperand(this.literalText(token), owner.field, owner.written, token);
    const bound: Bound = { operand, isInclusive: operator.endsWith("=") };
    const predicate: Predicate = operator.startsWith(">")
      ? { kind: "range", from: bound, to: null }
      : { kind: "range", from: null, to: bound };
    return this.fieldTerm(owner, predicate, start, token.end);
  }

  /** `[1 TO 9]` or `{1 TO 9}`; the bracket is behind us. */
  private range(owner: Owner, open: Token, start: number): Filter {
    const from = this.rangeOperand(owner, open);
    const to = this.peek();
    if (to?.kind !== "to") throw this.brokenRange(open, to, "TO");
    this.at++;
    const upTo = this.rangeOperand(owner, open);
    const close = this.peek();
    if (close?.kind !== "rangeClose")
      throw this.brokenRange(open, close, this.textOf(open) === "[" ? "]" : "}");
    this.at++;
    const predicate: Predicate = {
      kind: "range",
      from: from === null ? null : { operand: from, isInclusive: this.textOf(open) === "[" },
      to: upTo === null ? null : { operand: upTo, isInclusive: this.textOf(close) === "]" },
    };
    if (from === null && upTo === null) return this.fieldTerm(owner, { kind: "exists" }, start, close.end);
    return this.fieldTerm(owner, predicate, start, close.end);
  }

  private rangeOperand(owner: Owner, open: Token) {
    const token = this.peek();
    if (token?.kind !== "word" && token?.kind !== "string") throw this.brokenRange(open, token, "a value");
    this.at++;
    if (token.kind === "word" && this.textOf(token) === "*") return null;
    return readOperand(this.literalText(token), owner.field, owner.written, token);
  }

  private brokenRange(open: Token, found: Token | undefined, expected: string): QueryFailure {
    const form = "`[1 TO 9]`, or with a star for an open end `[5 TO *]`";
    if (
      found === undefined ||
      (found.kind !== "word" && found.kind !== "string" && found.kind !== "to" && found.kind !== "rangeClose")
    ) {
      return new QueryFailure(`This bracket is never closed; a range is written ${form}`, open, [expected]);
    }
    return new QueryFailure(`Expected ${expected} here; a range is written ${form}`, found, [expected]);
  }

  private literal(token: Token): Pattern {
    return token.kind === "string"
      ? readLiteral(this.text, token.start + 1, token.end - 1, false)
      : readLiteral(this.text, token.start, token.end, true);
  }

  private literalText(token: Token): string {
    return this.literal(token).pieces.join("*");
  }

  private valueText(token: Token): string {
    return this.literalText(token);
  }

  private regex(token: Token): { readonly source: string; readonly ignoreCase: boolean } {
    const written = this.textOf(token);
    const ignoreCase = written.endsWith("i");
    const inner = written.slice(1, ignoreCase ? -2 : -1);
    const problem = checkRegex(inner);
    if (problem !== undefined) {
      const at = Math.min(token.start + 1 + problem.at, token.end - 1);
      throw new QueryFailure(problem.message, { start: at, end: token.end });
    }
    return { source: inner.replaceAll("\\/", "/"), ignoreCase };
  }

  private nested<T>(token: Token, parse: () => T): T {
    if (++this.depth > this.limits.depth) {
      throw new QueryFailure(`The query is nested more than ${this.limits.depth} levels deep`, token);
    }
    const result = parse();
    this.depth--;
    return result;
  }

  private count(token: Token): void {
    if (++this.terms > this.limits.terms) {
      throw new QueryFailure(`The query has more than ${this.limits.terms} terms`, token);
    }
  }

  /** `"a"b` is a slip, not two terms. */
  private checkSpaceBefore(token: Token): void {
    const before = this.tokens[this.at - 1] as Token;
    const isGlued = before.end === token.start && (before.kind === "string" || before.kind === "regex");
    if (!isGlued || token.kind === "close") return;
    throw new QueryFailure(
      token.kind === "word" && this.text[token.start] === "*"
        ? "A star counts only outside quotes; write the blank as `\\ ` instead: `card\\ decl*`"
        : "Expected a blank after the closing quote",
      { start: token.start, end: token.end },
      ["a blank"],
    );
  }

  private hintLowerCaseOperator(token: Token): void {
    const word = this.textOf(token);
    if (!/^(?:and|or|not)$/i.test(word)) return;
    const upper = word.toUpperCase();
    const message = `\`${word}\` is searched for as a word; the operator is written \`${upper}\``;
    this.hints.push({ message, start: token.start, end: token.end });
  }

  private unexpected(token: Token | undefined): QueryFailure {
    if (token === undefined) {
      const before = this.tokens.at(-1) as Token;
      const range = { start: before.end, end: before.end };
      return new QueryFailure(`Expected a term after \`${this.textOf(before)}\``, range, A_TERM);
    }
    switch (token.kind) {
      case "pipe":
        return new QueryFailure(
          this.text.startsWith("||", token.start)
            ? "Alternatives are written `OR`"
            : "Pipes are not available yet; to search for the character, write it in quotes",
          token,
        );
      case "unclosed":
        return new QueryFailure("This quote is never closed", token, ['"']);
      case "close":
        return this.at > 0 &&
          this.tokens[this.at - 1]?.kind !== "open" &&
          !this.isOperator(this.tokens[this.at - 1])
          ? new QueryFailure("This parenthesis was never opened; to search for it, write it in quotes", token)
          : new QueryFailure("Expected a term before `)`", token, A_TERM);
      case "and":
      case "or": {
        const word = this.textOf(token);
        const before = this.tokens[this.at - 1];
        const place =
          before === undefined || before.kind === "open" ? "before" : "between it and the operator before";
        const message =
          place === "before"
            ? `Expected a term before \`${word}\`; to search for the word, write \`"${word}"\``
            : `Expected a term between \`${this.textOf(before as Token)}\` and \`${word}\``;
        return new QueryFailure(message, token, A_TERM);
      }
      default:
        return new QueryFailure(`\`${this.textOf(token)}\` can't stand here`, token, A_TERM);
    }
  }

  private isOperator(token: Token | undefined): boolean {
    return token?.kind === "and" || token?.kind === "or" || token?.kind === "not" || token?.kind === "minus";
  }
}

function joined(kind: "and" | "or", parts: readonly Filter[]): Filter {
  const first = parts[0] as Filter;
  if (parts.length === 1) return first;
  return { kind, parts, start: first.start, end: (parts.at(-1) as Filter).end };
}

function isEverything(pattern: Pattern): boolean {
  return pattern.pieces.length === 2 && pattern.pieces[0] === "" && pattern.pieces[1] === "";
}

/** Whether the field's values are numbers or times, which equal only what can be read as such. */
function isOrdered(field: FieldReference): boolean {
  return field.type === "integer" || field.type === "instant" || field.type === "nanoseconds";
}
