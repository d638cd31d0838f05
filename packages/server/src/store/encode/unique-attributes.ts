import type { Attributes } from "../../record/record.ts";

/** Up to so many pairs, comparing each with each is quicker than a set. */
const FEW = 8;

/**
 * The attributes with each key once; the last of equal keys wins, as in JSON. ClickHouse would keep both and
 * answer with the first. Returns its argument when nothing is to do, which is nearly always.
 */
export function uniqueAttributes(attributes: Attributes): Attributes {
  return hasRepeatedKey(attributes) ? lastOfEach(attributes) : attributes;
}

function hasRepeatedKey(attributes: Attributes): boolean {
  const { length } = attributes;
  if (length <= FEW * 2) {
    for (let i = 2; i < length; i += 2) {
      const key = attributes[i];
      for (let j = 0; j < i; j += 2) if (attributes[j] === key) return true;
    }
    return false;
  }
  const seen = new Set<string | undefined>();
  for (let i = 0; i < length; i += 2) seen.add(attributes[i]);
  return seen.size < length >> 1;
}

function lastOfEach(attributes: Attributes): Attributes {
  const last = new Map<string, string>();
  for (let i = 0; i + 1 < attributes.length; i += 2) {
    last.set(attributes[i] as string, attributes[i + 1] as string);
  }
  return [...last].flat();
}
