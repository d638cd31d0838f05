const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const DOT = 46;
/** Digits that a double always keeps. */
const EXACT_DIGITS = 15;
/** Zeros behind the point from which on JavaScript writes an exponent. */
const MOST_ZEROS = 6;

/**
 * Hot path. Where the number ends that begins at `from`, when its text is the one that JavaScript gives for its value, so
 * that it can be kept as it is: `200`, `-1.5`; not `1e3`, `1.50`, `-0`, nor what a double would round. Otherwise 0, also for
 * what is no number of JSON (RFC 8259 section 6).
 *
 * @param bytes with a byte behind the number that is no digit
 */
export function endOfPlainNumber(bytes: Uint8Array, from: number): number {
  const isNegative = bytes[from] === MINUS;
  const whole = isNegative ? from + 1 : from;
  let at = endOfDigits(bytes, whole);
  const wholeDigits = at - whole;
  const isZero = bytes[whole] === ZERO;
  if (wholeDigits === 0 || wholeDigits > EXACT_DIGITS || (isZero && wholeDigits > 1)) return 0;
  if (bytes[at] !== DOT) return isEnd(bytes[at] as number) && !(isZero && isNegative) ? at : 0;
  const fraction = at + 1;
  at = endOfDigits(bytes, fraction);
  const digits = at - fraction;
  if (digits === 0 || wholeDigits + digits > EXACT_DIGITS) return 0;
  if (bytes[at - 1] === ZERO || !isEnd(bytes[at] as number)) return 0;
  return isZero && zerosAt(bytes, fraction) >= MOST_ZEROS ? 0 : at;
}

function endOfDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at] as number; byte >= ZERO && byte <= NINE; byte = bytes[at] as number) at++;
  return at;
}

function zerosAt(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === ZERO) at++;
  return at - from;
}

/** Whether the number is over: not with an exponent, and not with what makes it none. */
function isEnd(byte: number): boolean {
  return byte === 44 || byte === 125 || byte === 32 || byte === 9;
}
