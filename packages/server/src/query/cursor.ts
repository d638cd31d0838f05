import type { Pattern } from "./ast.ts";
import { QueryFailure, shown } from "./error.ts";
import { type Token, tokenize } from "./lexer.ts";
import { readLiteral } from "./literal.ts";
import type { Range } from "./range.ts";
import type { Target } from "./target.ts";

/** What a query may be at most. */
export interface QueryLimits {
  /** UTF-16 code units. */
  readonly length: number;
  /** Words, phrases and values. Bounds the statement that comes of it. */
  readonly terms: number;
  /** Parentheses and NOTs inside one another. */
  readonly depth: number;
}
export const QUERY_LIMITS: QueryLimits = { length: 16_384, terms: 300, depth: 50 };

/** What an error offers where a term is missing. */
export const A_TERM = ["a word", '"a phrase"', "field:value"] as const;

/** The place in a query's tokens that the parser has come to, and what it has used of the limits. */
export class Cursor {
  readonly text: string;
  readonly target: Target;
  private readonly limits: QueryLimits;
  private readonly tokens: readonly Token[];
  private at = 0;
  private terms = 0;
  private depth = 0;

  constructor(text: string, target: Target, limits: QueryLimits) {
    if (text.length > limits.length) {
      const message = `The query has ${text.length} characters; ${limits.length} are allowed`;
      throw new QueryFailure(message, { start: limits.length, end: text.length });
    }
    this.text = text;
    this.target = target;
    this.limits = limits;
    this.tokens = tokenize(text).filter((token) => token.kind !== "space");
  }

  /** The token that comes next. */
  peek(): Token | undefined {
    return this.tokens[this.at];
  }

  /** The token that came last. */
  last(): Token | undefined {
    return this.tokens[this.at - 1];
  }

  advance(): void {
    this.at++;
  }

  textOf(range: Range): string {
    return this.text.slice(range.start, range.end);
  }

  /** The text for a message. */
  shown(range: Range): string {
    return shown(this.textOf(range));
  }

  /** What a word, phrase or field's name means. */
  literal(token: Token): Pattern {
    return this.text[token.start] === '"'
      ? readLiteral(this.text, token.start + 1, token.end - 1, false)
      : readLiteral(this.text, token.start, token.end, true);
  }

  /** Counts a term against the limit. */
  countTerm(token: Token): void {
    if (++this.terms > this.limits.terms) {
      throw new QueryFailure(`The query has more than ${this.limits.terms} terms`, token);
    }
  }

  /** Parses what stands inside a token, unless that is too deep. */
  nested<T>(token: Token, parse: () => T): T {
    if (++this.depth > this.limits.depth) {
      throw new QueryFailure(`The query is nested more than ${this.limits.depth} levels deep`, token);
    }
    const result = parse();
    this.depth--;
    return result;
  }

  /** The error for a token that can't stand where it does, or for the end of the text. */
  unexpected(token: Token | undefined): QueryFailure {
    const before = this.last();
    if (token === undefined) {
      const end = before?.end ?? 0;
      const message = `Expected a term after \`${before === undefined ? "" : this.shown(before)}\``;
      return new QueryFailure(message, { start: end, end }, A_TERM);
    }
    const written = this.shown(token);
    switch (token.kind) {
      case "pipe":
        return this.text.startsWith("||", token.start)
          ? new QueryFailure("Alternatives are written `OR`", { start: token.start, end: token.start + 2 }, [
              "OR",
            ])
          : new QueryFailure("Pipes are not available yet; to search for `|`, write it in quotes", token);
      case "unclosed":
        return new QueryFailure("This quote is never closed", token, ['"']);
      case "close":
        return isEndOfTerm(before)
          ? new QueryFailure("This parenthesis was never opened; to search for it, write it in quotes", token)
          : new QueryFailure("Expected a term before `)`", token, A_TERM);
      case "and":
      case "or":
        return isOperator(before)
          ? new QueryFailure(
              `Expected a term between \`${this.shown(before)}\` and \`${written}\``,
              token,
              A_TERM,
            )
          : new QueryFailure(
              `Expected a term before \`${written}\`; to search for the word, write \`"${written}"\``,
              token,
              A_TERM,
            );
      default:
        return new QueryFailure(`\`${written}\` can't stand here`, token, A_TERM);
    }
  }
}

function isOperator(token: Token | undefined): token is Token {
  return token?.kind === "and" || token?.kind === "or" || token?.kind === "not" || token?.kind === "minus";
}

function isEndOfTerm(token: Token | undefined): boolean {
  return token !== undefined && token.kind !== "open" && !isOperator(token);
}
