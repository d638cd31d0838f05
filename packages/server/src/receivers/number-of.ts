/**
 * The number that a value of JSON is, or that its text tells; NaN for any other. `Number` throws for an object that has a
 * `toString` of its own, which is any sender's to send.
 *
 * @example
 * numberOf("7"); // 7
 * numberOf({ toString: 1 }); // NaN
 */
export function numberOf(value: unknown): number {
  return typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
}
