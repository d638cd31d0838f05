/** Sizes and times as people write them. */

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

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["w", 7 * 86_400_000],
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

/**
 * A length of time in milliseconds, or undefined when the text is none. The unit is needed: `30` says nothing.
 *
 * @example
 * parseDuration("15m"); // 900000
 */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = QUANTITY.exec(text.trim()) ?? [];
  const factor = MILLISECONDS.get(unit ?? "");
  return digits === undefined || factor === undefined ? undefined : Math.round(Number(digits) * factor);
}
