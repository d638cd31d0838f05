/** Hot path: hashes of bytes, for tables of what comes again and again. They don't withstand intent: tables bound their steps. */

/** Hash of bytes one by one, from 0. */
export function hashStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193) ^ (hash >>> 15);
}

export function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at++) hash = hashStep(hash, bytes[at] as number);
  return hash;
}
