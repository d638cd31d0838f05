import type { Bound, FieldTerm, Not, Pattern, Predicate, Regex } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { QueryFailure } from "./error.ts";
import type { FieldReference } from "./fields.ts";
import { severitiesOf, unknownLevel } from "./level.ts";
import type { Token } from "./lexer.ts";
import { type Operand, readOperand } from "./operand.ts";
import { checkRegex } from "./regex.ts";

/** The field that a value is asked of. */
export interface Owner {
  /** The name without quotes and escapes. */
  readonly name: string;
  /** The name as it stands in the query, for messages. */
  readonly written: string;
  readonly field: FieldReference;
}

/** Whether the pattern is a star alone. */
export function isEverything({ pieces }: Pattern): boolean {
  return pieces.length === 2 && pieces[0] === "" && pieces[1] === "";
}

/**
 * The value at the cursor, asked of a field.
 *
 * @param start where the term begins: at the field's name, or at the value among several
 */
export function parseValue(cursor: Cursor, owner: Owner, start: number): FieldTerm | Not {
  const token = cursor.peek();
  if (token === undefined) throw cursor.unexpected(token);
  cursor.countTerm(token);
  cursor.advance();
  const term = (predicate: Predicate): FieldTerm => {
    const end = cursor.last()?.end ?? token.end;
    return { kind: "field", name: owner.name, predicate, start, end };
  };
  switch (token.kind) {
    case "comparison":
      return comparison(cursor, owner, token, term);
    case "rangeOpen":
      return term(range(cursor, owner, token));
    case "regex":
      checkIsText(cursor, owner, token);
      return term({ kind: "regex", ...readRegex(cursor, token) });
    case "word":
    case "string":
      return term(equality(cursor, owner, token));
    default:
      throw cursor.unexpected(token);
  }
}

/** `/regex/` or `/regex/i`. */
export function readRegex(cursor: Cursor, token: Token): Pick<Regex, "source" | "ignoreCase"> {
  const written = cursor.textOf(token);
  const ignoreCase = written.endsWith("i");
  const source = written.slice(1, ignoreCase ? -2 : -1);
  const problem = checkRegex(source);
  if (problem !== undefined) {
    const offset = token.start + 1;
    throw new QueryFailure(problem.message, { start: offset + problem.start, end: offset + problem.end });
  }
  return { source, ignoreCase };
}

function equality(cursor: Cursor, owner: Owner, token: Token): Predicate {
  const pattern = cursor.literal(token);
  if (isEverything(pattern)) return { kind: "exists" };
  if (pattern.pieces.length > 1) {
    checkIsText(cursor, owner, token);
    return { kind: "pattern", pattern };
  }
  const value = pattern.pieces[0] as string;
  if (owner.field.type === "level" && severitiesOf(value) === undefined) throw unknownLevel(value, token);
  if (!isOrdered(owner.field)) return { kind: "equals", value };
  const bound: Bound = { operand: readOperand(value, owner.field, owner.written, token), isInclusive: true };
  return { kind: "range", from: bound, to: bound };
}

/** `>=5`; the comparison is behind the cursor. */
function comparison(
  cursor: Cursor,
  owner: Owner,
  token: Token,
  term: (predicate: Predicate) => FieldTerm,
): FieldTerm | Not {
  const operator = cursor.textOf(token);
  const value = cursor.peek();
  if (
    value === undefined ||
    value.start !== token.end ||
    (value.kind !== "word" && value.kind !== "string")
  ) {
    const range = { start: token.end, end: token.end };
    throw new QueryFailure(`Expected a value right after \`${operator}\``, range, ["a value"]);
  }
  cursor.advance();
  if (operator === "=") return term(equality(cursor, owner, value));
  if (operator === "!=") {
    const part = term(equality(cursor, owner, value));
    return { kind: "not", part, start: part.start, end: part.end };
  }
  const bound: Bound = { operand: operand(cursor, owner, value), isInclusive: operator.endsWith("=") };
  return term({
    kind: "range",
    from: operator.startsWith(">") ? bound : null,
    to: operator.startsWith("<") ? bound : null,
  });
}

/** `[1 TO 9]` or `{1 TO 9}`; the bracket is behind the cursor. */
function range(cursor: Cursor, owner: Owner, open: Token): Predicate {
  const from = rangeEnd(cursor, owner, open);
  const to = cursor.peek();
  if (to?.kind !== "to") throw brokenRange(open, to, "TO");
  cursor.advance();
  const upTo = rangeEnd(cursor, owner, open);
  const close = cursor.peek();
  if (close?.kind !== "rangeClose") throw brokenRange(open, close, cursor.textOf(open) === "[" ? "]" : "}");
  cursor.advance();
  if (from === null && upTo === null) return { kind: "exists" };
  return {
    kind: "range",
    from: from === null ? null : { operand: from, isInclusive: cursor.textOf(open) === "[" },
    to: upTo === null ? null : { operand: upTo, isInclusive: cursor.textOf(close) === "]" },
  };
}

/** One end of a range; null for a star, which is open. */
function rangeEnd(cursor: Cursor, owner: Owner, open: Token): Operand | null {
  const token = cursor.peek();
  if (token?.kind !== "word" && token?.kind !== "string") throw brokenRange(open, token, "a value");
  cursor.advance();
  return cursor.textOf(token) === "*" ? null : operand(cursor, owner, token);
}

function operand(cursor: Cursor, owner: Owner, token: Token): Operand {
  return readOperand(cursor.literal(token).pieces.join("*"), owner.field, owner.written, token);
}

function brokenRange(open: Token, found: Token | undefined, expected: string): QueryFailure {
  const form = "a range is written `[1 TO 9]`, or with a star for an open end `[5 TO *]`";
  switch (found?.kind) {
    case "word":
    case "string":
    case "to":
    case "rangeClose":
      return new QueryFailure(
        `Expected ${expected === "a value" ? expected : `\`${expected}\``} here; ${form}`,
        found,
        [expected],
      );
    default:
      return new QueryFailure(`This bracket is never closed; ${form}`, open, [expected]);
  }
}

/** Refuses stars and regular expressions for what is a level, a number or a time. */
function checkIsText(cursor: Cursor, owner: Owner, token: Token): void {
  if (owner.field.type === "level") throw unknownLevel(cursor.shown(token), token);
  if (!isOrdered(owner.field)) return;
  const message = `\`${owner.written}\` is no text; compare it as \`${owner.written}:>=…\` or \`${owner.written}:[… TO …]\``;
  throw new QueryFailure(message, token, [">=5", "[1 TO 9]"]);
}

/** Whether the field's values are numbers or times. */
function isOrdered(field: FieldReference): boolean {
  return field.type === "integer" || field.type === "instant" || field.type === "nanoseconds";
}
