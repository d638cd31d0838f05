import { fieldReference, parseQuery, removePart, topLevelParts } from "@polylog/server/query";

/** A length of time as the query language reads it, three digits: `350ms`. */
function lengthText(nanoseconds: number): string {
  const [size, unit] =
    nanoseconds < 1e3
      ? [1, "ns"]
      : nanoseconds < 1e6
        ? [1e3, "us"]
        : nanoseconds < 1e9
          ? [1e6, "ms"]
          : [1e9, "s"];
  return `${Number((nanoseconds / Number(size)).toPrecision(3))}${unit}`;
}

/**
 * The query that asks for spans of some length, in place of what it said of it before.
 *
 * @example
 * withDuration("service:cart duration:>1s", 2e9, 3e9); // "service:cart duration:[2s TO 3s]"
 */
export function withDuration(query: string, shortest: number, longest: number): string {
  const term = `duration:[${lengthText(shortest)} TO ${lengthText(longest)}]`;
  let rest = query;
  for (let part = durationPart(rest); part !== undefined; part = durationPart(rest)) {
    rest = removePart(rest, part, "traces");
  }
  const result = parseQuery(rest, { target: "traces" });
  if (rest.trim() === "" || (result.ok && result.tree.kind === "all")) return term;
  const isOpenOr =
    result.ok && result.tree.kind === "or" && result.tree.parts[0]?.start === result.tree.start;
  return isOpenOr ? `(${rest.trim()}) ${term}` : `${rest.trim()} ${term}`;
}

function durationPart(query: string) {
  const result = parseQuery(query, { target: "traces" });
  if (!result.ok) return undefined;
  return topLevelParts(result.tree, query).find(
    ({ tree }) => tree.kind === "field" && fieldReference(tree.name, "traces").type === "nanoseconds",
  );
}
