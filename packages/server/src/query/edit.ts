import type { Filter } from "./ast.ts";
import { fieldReference } from "./fields.ts";
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
    return inPlace(query.slice(0, part.start), term, query.slice(part.end), target);
  }
  const isOuterOr = tree.kind === "or" && tree.parts[0]?.start === tree.start;
  // Without blanks around it: one that is escaped belongs to it.
  const own = query.slice(tree.start, tree.end);
  return inPlace(`${isOuterOr ? `(${own})` : own} `, term, "", target);
}

/**
 * The term between what stands before and after it. A slash before it may begin a regular expression now, which ends in
 * the term: `/health path:"GET / 1.1"`. Then the term comes first, where nothing can take from it.
 */
function inPlace(before: string, term: string, after: string, target: Target): string {
  const text = before + term + after;
  const result = parseQuery(text, { target });
  const range = { start: before.length, end: before.length + term.length };
  if (result.ok && topLevelParts(result.tree, text).some((part) => isSame(part, range))) return text;
  // The blank before it is of no use at the end.
  const own = after === "" ? before.slice(0, -1) : before + after.trimStart();
  return `${term} ${own.trimStart()}`;
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
    return `${query.slice(0, part.start)}${isClose ? " " : ""}${query.slice(next.start)}`;
  }
  if (before !== undefined) return query.slice(0, before.end) + query.slice(part.end);
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
