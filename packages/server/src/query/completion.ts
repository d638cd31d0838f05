import type { Range } from "./ast.ts";
import { type Token, tokenize } from "./lexer.ts";

/** What can stand at the cursor. `from` to `to` is what a chosen completion replaces. */
export type Completion = {
  /** What the completions begin with: what stands before the cursor, without quotes and escapes. */
  readonly prefix: string;
  readonly from: number;
  readonly to: number;
} & (
  | {
      readonly kind: "field";
      /** Operators that can stand here as well and begin with the prefix. */
      readonly operators: readonly string[];
    }
  | { readonly kind: "value"; readonly field: string }
  | { readonly kind: "operator"; readonly operators: readonly string[] }
);

/**
 * What an editor can offer at a place of a query, whether the query is right or not; `null` inside a phrase or
 * a regular expression.
 *
 * @example
 * completionAt("level:wa", 8); // { kind: "value", field: "level", prefix: "wa", from: 6, to: 8 }
 * completionAt("lev", 3); // { kind: "field", prefix: "lev", from: 0, to: 3, operators: [] }
 */
export function completionAt(text: string, offset: number): Completion | null {
  const tokens = tokenize(text);
  const groups: (string | null)[] = [];
  let field: string | null = null;
  let isInRange = false;
  let before: Token | undefined;
  let hasTermBefore = false;
  for (const token of tokens) {
    const holdsCursor = token.start < offset && offset <= token.end;
    if (token.start >= offset) break;
    if (holdsCursor) {
      const completion = within(token);
      if (completion !== undefined) return completion;
    }
    switch (token.kind) {
      case "field":
        field = plain(text.slice(token.start, token.end));
        break;
      case "open":
        groups.push(field ?? groups.at(-1) ?? null);
        field = null;
        hasTermBefore = false;
        break;
      case "close":
        groups.pop();
        hasTermBefore = true;
        break;
      case "rangeOpen":
        isInRange = true;
        break;
      case "rangeClose":
        isInRange = false;
        field = null;
        hasTermBefore = true;
        break;
      case "word":
      case "string":
      case "regex":
        if (!isInRange) field = null;
        hasTermBefore = true;
        break;
      case "and":
      case "or":
      case "not":
      case "minus":
        hasTermBefore = false;
        break;
    }
    before = token;
  }
  return starting({ start: offset, end: offset }, "");

  function within(token: Token): Completion | null | undefined {
    const prefix = plain(text.slice(token.start, offset));
    switch (token.kind) {
      case "word":
      case "and":
      case "or":
      case "not":
      case "to":
        return starting(token, prefix);
      case "field":
        return { kind: "field", prefix, from: token.start, to: token.end, operators: [] };
      case "string":
      case "unclosed":
        return owner() === null ? null : starting(token, prefix);
      case "regex":
        return null;
      default:
        return undefined;
    }
  }

  /** The field whose value stands here. */
  function owner(): string | null {
    if (isInRange) return field ?? groups.at(-1) ?? null;
    if (field !== null && (before?.kind === "colon" || before?.kind === "comparison")) return field;
    return groups.at(-1) ?? null;
  }

  function starting(range: Range, prefix: string): Completion {
    const place = { prefix, from: range.start, to: range.end };
    if (isInRange && hasTermBefore && prefix !== "" && "TO".startsWith(prefix)) {
      return { kind: "operator", operators: ["TO"], ...place };
    }
    const of = owner();
    if (of !== null) return { kind: "value", field: of, ...place };
    const operators = (hasTermBefore ? ["AND", "OR", "NOT"] : ["NOT"]).filter((word) =>
      word.startsWith(prefix),
    );
    return { kind: "field", operators: prefix === "" && !hasTermBefore ? [] : operators, ...place };
  }
}

/** The text without quotes and escapes, as well as it can be read while it is being typed. */
function plain(written: string): string {
  const isQuoted = written.startsWith('"');
  const inner = isQuoted ? written.replace(/^"((?:[^"\\]|\\.)*)"?.*$/s, "$1") : written;
  return inner.replace(/\\(.)/gs, "$1");
}
