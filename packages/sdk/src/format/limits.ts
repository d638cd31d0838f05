/**
 * What a record may hold. Beyond it something is left out, and the record says what: a log must never be what
 * takes a process down.
 */
export const LIMITS = {
  /** Objects within objects. */
  depth: 32,
  /** UTF-16 code units of a text. */
  text: 256 * 1024,
  /** UTF-16 code units of all texts and names together. */
  total: 4 * 1024 * 1024,
  /** Values in all. */
  values: 20_000,
  /** Errors in all, those behind others included. */
  errors: 50,
  /** Errors within one AggregateError. */
  siblings: 10,
} as const;

/**
 * Cuts a text that is too long, and says how much is gone.
 *
 * @param room how much of it there is room for, where that is less than {@link LIMITS} let a text have
 */
export function limited(text: string, room: number = LIMITS.text): string {
  const most = Math.min(room, LIMITS.text);
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… [${text.length - most} more characters left out]`;
}
