/** A text to keep: one that was cut out of a batch keeps all text of the batch alive. */
export function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
