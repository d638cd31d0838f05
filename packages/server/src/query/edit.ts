import type { Filter } from "./ast.ts";
import { fieldReference } from "./fields.ts";
import { tokenize } from "./lexer.ts";
import { parseQuery } from "./parser.ts";
import { topLevelParts } from "./parts.ts";
import { quoteField, quoteValue } from "./quote.ts";
import type { Range } from "./range.ts";
import type { Target } from "./target.ts";

/**
 * The query that also asks for a field's value, or excludes it, as a click on the value does. The rest of the
 * text stays as it was. A part that says the same is not doubled, one that says the opposite is turned round.
 *
 * @example
 * addFilter("card level:warn", "host", "a b", true); // 'card level:warn -host:"a b"'
 * addFilter("-host:x card", "host", "x"); // "host:x card"
 */
export function addFilter(
  query: string,
  field: string,
  value: string,
  exclude = false,
  target: Target = "logs",
): string {
  const wanted = `${quoteField(field)}:${quoteValue(value)}`;
  const term = exclude ? `-${wanted}` : wanted;
  const result = parseQuery(query, { target });
  if (!result.ok) return `${query.trimEnd()} ${term}`.trimStart();
  const { tree } = result;
  if (tree.kind === "all") return term;
  const meaning = meaningOf(wanted, target);
  for (const part of topLevelParts(tree, query)) {
    const isExcluded = part.tree.kind === "not";
    if (
      meaning === undefined ||
      meaningOfTree(part.tree.kind === "not" ? part.tree.part : part.tree, target) !== meaning
    ) {
      continue;
    }
    if (isExcluded === exclude) return query;
    const after = { start: part.end, end: query.length };
    return edited(query, { start: 0, end: part.start }, term, after, target);
  }
  const isOuterOr = tree.kind === "or" && tree.parts[0]?.start === tree.start;
  // Without blanks around it: one that is escaped belongs to it.
  const own = isOuterOr ? `(${query.slice(tree.start, tree.end)})` : query.slice(tree.start, tree.end);
  return edited(
    own,
    { start: 0, end: own.length },
    ` ${term}`,
    { start: own.length, end: own.length },
    target,
  );
}

/**
 * What a query has in two places, and something new between them. A slash that begins a word may begin a regular expression
 * then, as in `/health path:"GET / 1.1"`: it is escaped where the parts would become others.
 */
function edited(query: string, before: Range, between: string, after: Range, target: Target): string {
  const joined = (text: (range: Range) => string): string => text(before) + between + text(after);
  const plain = joined(({ start, end }) => query.slice(start, end));
  const safe = joined((range) => withSlashesEscaped(query, range));
  const meaning = meaningOfParts(plain, target);
  return meaning !== undefined && meaning === meaningOfParts(safe, target) ? plain : safe;
}

function withSlashesEscaped(query: string, { start, end }: Range): string {
  const tokens = tokenize(query).filter((token) => token.start >= start && token.end <= end);
  const texts = tokens.map((token) => {
    const text = query.slice(token.start, token.end);
    if (token.kind !== "word" || !text.startsWith("/")) return text;
    // With an escaped slash, a colon would make the word before it a field.
    return `\\${text.replace(/\\.|:/gs, (found) => (found === ":" ? "\\:" : found))}`;
  });
  return texts.join("");
}

/** The kinds of a query's parts, without their places and how they are written. */
function meaningOfParts(query: string, target: Target): string | undefined {
  const result = parseQuery(query, { target });
  if (!result.ok) return undefined;
  return JSON.stringify(result.tree, (key, value: unknown) => {
    if (key === "start" || key === "end") return undefined;
    return typeof value === "bigint" ? `${value}n` : value;
  });
}

function isSame(one: Range, other: Range): boolean {
  return one.start === other.start && one.end === other.end;
}

/**
 * The query without one of its {@link topLevelParts} and without the operator that joined it.
 *
 * @example
 * removePart("a AND b c", { start: 6, end: 7 }); // "a AND c"
 */
export function removePart(query: string, part: Range, target: Target = "logs"): string {
  const result = parseQuery(query, { target });
  if (!result.ok) return query;
  const parts = topLevelParts(result.tree, query);
  const index = parts.findIndex((known) => isSame(known, part));
  if (index < 0) return query;
  const next = parts[index + 1];
  const before = parts[index - 1];
  if (next !== undefined) {
    // What the part held apart would be one word: `a(b)c`.
    const isClose = before !== undefined && /\S$|^$/.test(query.slice(before.end, part.start));
    const rest = { start: next.start, end: query.length };
    return edited(query, { start: 0, end: part.start }, isClose ? " " : "", rest, target);
  }
  if (before !== undefined) {
    return edited(query, { start: 0, end: before.end }, "", { start: part.end, end: query.length }, target);
  }
  return "";
}

function meaningOf(term: string, target: Target): string | undefined {
  const result = parseQuery(term, { target });
  return result.ok ? meaningOfTree(result.tree, target) : undefined;
}

/** The same text for the same question, however the field and its value are written. */
function meaningOfTree(tree: Filter, target: Target): string | undefined {
  if (tree.kind !== "field") return undefined;
  const { kind, key, places } = fieldReference(tree.name, target);
  return JSON.stringify([kind, key, places, tree.predicate], (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}
