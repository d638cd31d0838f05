import {
  addFilter,
  parseQuery,
  type QueryPart,
  removePart,
  type Target,
  topLevelParts,
} from "@polylog/server/query";

export type FilterState = "filtered" | "excluded" | undefined;

/** Whether a query already asks for a field's value, or excludes it. */
export function filterState(
  query: string,
  field: string,
  value: string,
  target: Target = "logs",
): FilterState {
  if (query.trim() === "") return undefined;
  if (addFilter(query, field, value, false, target) === query) return "filtered";
  return addFilter(query, field, value, true, target) === query ? "excluded" : undefined;
}

/**
 * The query after a click on a value: it asks for the value, or excludes it. A second click of the same kind takes
 * it back.
 *
 * @example
 * toggleFilter("card", "service", "checkout", false); // "card service:checkout"
 * toggleFilter("card service:checkout", "service", "checkout", false); // "card"
 */
export function toggleFilter(
  query: string,
  field: string,
  value: string,
  isExcluded: boolean,
  target: Target = "logs",
): string {
  const next = addFilter(query, field, value, isExcluded, target);
  if (next !== query) return next;
  const part = partsOf(query, target).find(
    ({ text }) => addFilter(text, field, value, isExcluded, target) === text,
  );
  return part ? removePart(query, part, target) : query;
}

function partsOf(query: string, target: Target): readonly QueryPart[] {
  const result = parseQuery(query, { target });
  return result.ok ? topLevelParts(result.tree, query) : [];
}
