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
  const tokens = tokenize(text).filter((token) => token.start < offset);
  const last = tokens.at(-1);
  const typed = last !== undefined && last.end >= offset && isTyped(last) ? last : undefined;
  const surroundings = surroundingsOf(text, typed === undefined ? tokens : tokens.slice(0, -1));
  if (typed === undefined) return completionIn(surroundings, { prefix: "", from: offset, to: offset });
  const place = { prefix: plain(text.slice(typed.start, offset)), from: typed.start, to: typed.end };
  switch (typed.kind) {
    case "field":
      return { kind: "field", operators: [], ...place };
    case "regex":
      return null;
    case "string":
    case "unclosed":
      return surroundings.owner === null ? null : completionIn(surroundings, place);
    default:
      return completionIn(surroundings, place);
  }
}

/** Whether a token is text that goes on being typed, and not a sign between two. */
function isTyped({ kind }: Token): boolean {
  switch (kind) {
    case "space":
    case "colon":
    case "comparison":
    case "minus":
    case "open":
    case "close":
    case "rangeOpen":
    case "rangeClose":
    case "pipe":
      return false;
    default:
      return true;
  }
}

/** What the tokens before a place say of it. */
interface Surroundings {
  /** The field whose value stands there. */
  readonly owner: string | null;
  readonly isInRange: boolean;
  /** Whether a term is complete before it. */
  readonly isAfterTerm: boolean;
}

function surroundingsOf(text: string, tokens: readonly Token[]): Surroundings {
  /** The field of each open parenthesis: that of `field:( … )`. */
  const groups: (string | null)[] = [];
  let field: string | null = null;
  let rangeOf: string | null = null;
  let isAfterTerm = false;
  for (const { kind, start, end } of tokens) {
    const outer: string | null = field ?? groups.at(-1) ?? null;
    switch (kind) {
      case "field":
        field = plain(text.slice(start, end));
        continue;
      case "colon":
      case "comparison":
        continue;
      case "space":
        break;
      case "open":
        groups.push(outer);
        isAfterTerm = false;
        break;
      case "close":
        groups.pop();
        isAfterTerm = true;
        break;
      case "rangeOpen":
        rangeOf = outer;
        isAfterTerm = false;
        break;
      case "rangeClose":
        rangeOf = null;
        isAfterTerm = true;
        break;
      default:
        isAfterTerm = kind === "word" || kind === "string" || kind === "regex";
    }
    field = null;
  }
  const isInRange = rangeOf !== null;
  return { owner: rangeOf ?? field ?? groups.at(-1) ?? null, isInRange, isAfterTerm };
}

function completionIn(
  { owner, isInRange, isAfterTerm }: Surroundings,
  place: { readonly prefix: string; readonly from: number; readonly to: number },
): Completion {
  const begins = (word: string) => word.startsWith(place.prefix);
  if (isInRange && isAfterTerm) return { kind: "operator", operators: ["TO"].filter(begins), ...place };
  if (owner !== null) return { kind: "value", field: owner, ...place };
  if (isAfterTerm) return { kind: "field", operators: ["AND", "OR", "NOT"].filter(begins), ...place };
  return { kind: "field", operators: place.prefix === "" ? [] : ["NOT"].filter(begins), ...place };
}

/** The text without quotes and escapes, as well as it can be read while it is being typed. */
function plain(written: string): string {
  const inner = written.startsWith('"') ? written.replace(/^"((?:[^"\\]|\\.)*)"?.*$/s, "$1") : written;
  return inner.replace(/\\(.)/gs, "$1");
}
