import type { Target } from "@polylog/server/query";

const KEYS = { logs: "polylog.recent", traces: "polylog.recent.traces" } as const satisfies Record<
  Target,
  string
>;
const KEPT = 30;

/** The queries that were run in this browser, newest first. */
export function recentQueries(target: Target = "logs"): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEYS[target]) ?? "[]");
    return Array.isArray(stored) ? stored.filter((query) => typeof query === "string") : [];
  } catch {
    return [];
  }
}

export function rememberQuery(query: string, target: Target = "logs"): void {
  const text = query.trim();
  if (text === "") return;
  try {
    localStorage.setItem(KEYS[target], JSON.stringify(withQuery(recentQueries(target), text)));
  } catch {
    // Storage is off or full: nothing is remembered.
  }
}

/** The queries with one more in front, without twins. */
export function withQuery(queries: readonly string[], query: string): readonly string[] {
  return [query, ...queries.filter((other) => other !== query)].slice(0, KEPT);
}
