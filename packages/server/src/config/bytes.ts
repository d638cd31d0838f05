/** Units of size as people write them. */
const BYTES: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["kb", 1e3],
  ["mb", 1e6],
  ["gb", 1e9],
  ["tb", 1e12],
  ["kib", 2 ** 10],
  ["mib", 2 ** 20],
  ["gib", 2 ** 30],
  ["tib", 2 ** 40],
]);

/** A number and its unit; the bounded quantifiers keep a hostile text from being walked twice. */
const QUANTITY = /^(\d{1,15}(?:\.\d{1,9})?)\s?([a-z]{0,3})$/i;

/**
 * A size in bytes, or undefined when the text is none.
 *
 * @example
 * parseBytes("512MiB"); // 536870912
 */
export function parseBytes(text: string): number | undefined {
  const [, digits, unit] = QUANTITY.exec(text.trim()) ?? [];
  const factor = BYTES.get((unit ?? "").toLowerCase());
  return digits === undefined || factor === undefined ? undefined : Math.round(Number(digits) * factor);
}
