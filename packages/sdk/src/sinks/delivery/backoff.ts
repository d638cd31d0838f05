const FIRST = 1_000;
const LONGEST = 30_000;

/**
 * Milliseconds until the next try: 1 s, 2 s, 4 s … 30 s, of which the second half is left to chance, so that
 * a fleet doesn't come back all at once.
 *
 * @param attempt tries that failed before this one, from 0
 * @param random gives numbers from 0 to below 1
 */
export function backoff(attempt: number, random: () => number): number {
  const longest = Math.min(LONGEST, FIRST * 2 ** attempt);
  return longest / 2 + (random() * longest) / 2;
}

/** No server may silence a sink for longer, in milliseconds. */
const LONGEST_WISH = 5 * 60_000;

/**
 * Milliseconds that a `Retry-After` header (RFC 9110 section 10.2.3: seconds, or a date) asks to wait; `undefined`
 * when it is missing or unreadable.
 */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null || !/^(?:\d+|[a-z]{3}.*)$/i.test(header.trim())) return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isNaN(wait) ? undefined : Math.min(LONGEST_WISH, Math.max(0, wait));
}
