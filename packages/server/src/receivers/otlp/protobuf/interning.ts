/** Longest text that is looked up. Attribute names and common values are shorter. */
export const MAX_INTERNED = 40;

const SLOTS = 4096;

/**
 * Hot path. Texts that come again and again, by their bytes: attribute names, service names, small values.
 * Looking one up costs about a third of decoding it, and equal texts share memory.
 *
 * A direct-mapped cache of fixed size: what collides is replaced, so a sender of ever new texts costs time, not
 * memory. Only ASCII is kept.
 */
const texts: string[] = new Array<string>(SLOTS).fill("");

/** The text of `bytes[start, end)`, at most {@link MAX_INTERNED} bytes; undefined when they aren't ASCII. */
export function internAscii(bytes: Buffer, start: number, end: number): string | undefined {
  let hash = end - start;
  let union = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    union |= byte;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  if (union > 127) return undefined;
  const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
  const known = texts[slot]!;
  if (isSame(known, bytes, start, end)) return known;
  const text = bytes.toString("latin1", start, end);
  texts[slot] = text;
  return text;
}

function isSame(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
