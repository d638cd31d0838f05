import type { RateLimits } from "../intake/rate-limit.ts";
import { parseBytes } from "./bytes.ts";

/** Bytes a second; less would let no request through for minutes. */
const LEAST = 1000;
const MAX_NAMED = 1000;

/**
 * Reads limits as people write them.
 *
 * @returns undefined when one of them is none
 * @example
 * readRateLimits(["5MB", "checkout=20MB", "audit=off"]); // { others: 5e6, named: checkout → 20e6, audit → null }
 */
export function readRateLimits(items: readonly string[]): RateLimits | undefined {
  let others: number | null = null;
  const named = new Map<string, number | null>();
  for (const item of items) {
    const split = item.lastIndexOf("=");
    const limit = readLimit(item.slice(split + 1).trim());
    if (limit === undefined || split === 0) return undefined;
    if (split < 0) others = limit;
    else named.set(item.slice(0, split).trim(), limit);
  }
  return named.size <= MAX_NAMED ? { others, named } : undefined;
}

function readLimit(text: string): number | null | undefined {
  if (text === "off") return null;
  const bytes = parseBytes(text.replace(/\/s$/, ""));
  return bytes !== undefined && bytes >= LEAST ? bytes : undefined;
}
