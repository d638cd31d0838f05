const KEY = "polylog.recent";
const KEPT = 30;

/** The queries that were run in this browser, newest first. */
export function recentQueries(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((query) => typeof query === "string") : [];
  } catch {
    return [];
  }
}

export function rememberQuery(query: string): void {
  const text = query.trim();
  if (text === "") return;
  try {
    localStorage.setItem(KEY, JSON.stringify(withQuery(recentQueries(), text)));
  } catch {
    // Storage is off or full: nothing is remembered.
  }
}

/** The queries with one more in front, without twins. */
export function withQuery(queries: readonly string[], query: string): readonly string[] {
  return [query, ...queries.filter((other) => other !== query)].slice(0, KEPT);
}
