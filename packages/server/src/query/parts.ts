import type { Filter } from "./ast.ts";
import type { Range } from "./range.ts";

/** A part of the outermost AND. */
export interface QueryPart extends Range {
  readonly text: string;
  readonly tree: Filter;
}

/**
 * The parts of a query that must all match, in order: those of the outermost AND, else the whole query; none
 * when the query asks for everything.
 *
 * @example
 * const query = "level:warn (a OR b)";
 * const result = parseQuery(query);
 * result.ok && topLevelParts(result.tree, query).map((part) => part.text); // ["level:warn", "(a OR b)"]
 */
export function topLevelParts(tree: Filter, text: string): readonly QueryPart[] {
  if (tree.kind === "all") return [];
  const trees = tree.kind === "and" && !isOfOneField(tree, text) ? tree.parts : [tree];
  return trees.map((part) => ({
    start: part.start,
    end: part.end,
    text: text.slice(part.start, part.end),
    tree: part,
  }));
}

/** `field:(a b)` stays in one piece: its parts mean something else without the field. */
function isOfOneField(tree: Extract<Filter, { kind: "and" }>, text: string): boolean {
  return tree.parts[0]?.start !== tree.start && text[tree.start] !== "(";
}
