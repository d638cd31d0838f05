const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Nanoseconds since 1970 of an absolute time: RFC 3339, a date, a date and a time, each UTC without an offset,
 * or milliseconds since 1970. `undefined` for anything else.
 *
 * @example
 * instantNanoseconds("2026-11-20T14:00:00Z"); // 1795183200000000000n
 */
export function instantNanoseconds(text: string): bigint | undefined {
  if (/^\d{1,14}$/.test(text)) return BigInt(text) * 1_000_000n;
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "", offset = "Z"] = match;
  const plain = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const milliseconds = Date.parse(`${plain}Z`);
  // Date.parse takes 30 February for 2 March: what it read must be what was written.
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(plain)) return undefined;
  return BigInt(milliseconds - offsetMilliseconds(offset)) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

function offsetMilliseconds(offset: string): number {
  if (offset === "Z" || offset === "z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith("-") ? -minutes : minutes) * 60_000;
}

/**
 * RFC 3339 in UTC with all nine digits, as rows have it.
 *
 * @example
 * instantText(1_795_183_200_000_000_001n); // "2026-11-20T14:00:00.000000001Z"
 */
export function instantText(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(nanoseconds % 1_000_000_000n).padStart(9, "0")}Z`;
}
