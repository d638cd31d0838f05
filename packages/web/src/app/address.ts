/**
 * The search part of an address as plain `name=value` pairs. The router's own form writes JSON, in which a query
 * such as `"timed out"` or `500` would not read as what was typed.
 */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** Characters that stand for themselves in a search part, and make a query readable in the address bar. */
const PLAIN = /%(3A|2F|40|2C|28|29|5B|5D|2A)/g;

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === "string") parameters.set(name, value);
  }
  const text = parameters.toString().replace(PLAIN, decodeURIComponent);
  return text === "" ? "" : `?${text}`;
}
