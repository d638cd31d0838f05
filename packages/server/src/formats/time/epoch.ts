/** Below this many seconds (1973) a number is a duration or a counter rather than a time. */
const LEAST_SECONDS = 100_000_000;
/** Up to this many (2106) a double tells two microseconds apart with room to spare. */
const MOST_EXACT_SECONDS = 2 ** 32;
/** Whole microseconds are exact below. */
const MOST_MICROSECONDS = Number.MAX_SAFE_INTEGER;

/**
 * Nanoseconds since 1970 of a number of seconds, milliseconds, microseconds or nanoseconds; which of them is
 * told by its size. `undefined` when it is none.
 *
 * @param value a number, or its decimal text, which keeps digits that a number would lose
 * @example
 * epochTime(1700000000.1234567); // 1700000000123456700n
 * epochTime("1700000000123");    // 1700000000123000000n
 */
export function epochTime(value: number | string): bigint | undefined {
  return (typeof value === "number" ? quickTime(value) : undefined) ?? timeOfDigits(value);
}

/** Of a number that is a time in whole units of one kind, as nearly all are. */
function quickTime(number: number): bigint | undefined {
  if (!(number >= LEAST_SECONDS && number < MOST_MICROSECONDS)) return undefined;
  if (number < 1e11) {
    // The double nearest to a whole number of microseconds was written as that: they lie four times as far apart.
    const microseconds = Math.round(number * 1e6);
    return number < MOST_EXACT_SECONDS && microseconds / 1e6 === number
      ? BigInt(microseconds) * 1000n
      : undefined;
  }
  if (!Number.isInteger(number)) return undefined;
  return BigInt(number) * (number < 1e14 ? 1_000_000n : 1000n);
}

function timeOfDigits(value: number | string): bigint | undefined {
  if (typeof value === "string" && !/^\d[\d.]{0,30}(?:[eE]\+?\d{1,2})?$/.test(value)) return undefined;
  const number = Number(value);
  if (!(number >= LEAST_SECONDS && number < 9.2e18)) return undefined;
  // The shortest decimal text of a double is what its writer wrote; its product with 1e9 is not.
  const text = typeof value === "string" && !/e/i.test(value) ? value : String(number);
  const digits = number < 1e11 ? 9 : number < 1e14 ? 6 : number < 1e17 ? 3 : 0;
  const dot = text.indexOf(".");
  if (dot < 0) return BigInt(text) * 10n ** BigInt(digits);
  const fraction = text.slice(dot + 1, dot + 1 + digits).padEnd(digits, "0");
  return BigInt(text.slice(0, dot) + fraction);
}
