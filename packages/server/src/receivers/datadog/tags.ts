import type { Attributes } from "../../record/record.ts";

/** Ids that are decimal here, and hex elsewhere. */
const DECIMAL_IDS: ReadonlySet<string> = new Set(["trace_id", "span_id"]);

/**
 * Datadog's tags, `env:prod,team:a,beta`, as flat pairs. Values of one key are joined; tags without a value are
 * found under `ddtags`.
 *
 * @example
 * parseTags("env:prod,team:a,team:b,beta"); // ["env", "prod", "team", "a,b", "ddtags", "beta"]
 */
export function parseTags(text: string): Attributes {
  const values = new Map<string, string>();
  for (const part of text.split(",")) {
    const tag = part.trim();
    if (tag === "") continue;
    const colon = tag.indexOf(":");
    const key = colon <= 0 ? "ddtags" : tag.slice(0, colon);
    const name = DECIMAL_IDS.has(key) ? `dd.${key}` : key;
    const value = colon <= 0 ? tag : tag.slice(colon + 1);
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return [...values].flat();
}
