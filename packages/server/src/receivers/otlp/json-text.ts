import { TOO_DEEP } from "./limits.ts";

/**
 * A double as JSON has it; what JSON can't say is a string, as protobuf's JSON mapping does it.
 *
 * @example
 * doubleAsJson(0.5); // 0.5
 * doubleAsJson(Number.NaN); // "NaN"
 */
export function doubleAsJson(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/** The elements of a list or map in its brackets; {@link TOO_DEEP} in their place where they weren't read. */
export function inBrackets(open: string, elements: string | undefined, close: string): string {
  return elements === undefined ? JSON.stringify(TOO_DEEP) : open + elements + close;
}
