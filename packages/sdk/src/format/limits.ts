/**
 * What a record may hold. Beyond it something is left out, and the record says what: a log must never be what
 * takes a process down.
 */
export const LIMITS = {
  /** Objects within objects. */
  depth: 32,
  /** UTF-16 code units of a text. */
  text: 256 * 1024,
  /** Values in all. */
  values: 20_000,
  /** Causes of causes of an error. */
  causes: 10,
} as const;

/** Cuts a text that is too long, and says how much is gone. */
export function limited(text: string): string {
  if (text.length <= LIMITS.text) return text;
  return `${text.slice(0, LIMITS.text)}… [${text.length - LIMITS.text} more characters left out]`;
}
