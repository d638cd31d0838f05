import { shortCount } from "../fields/numbers.ts";

/** The words of the reasons for which records are refused. */
const WORDS: Readonly<Record<string, string>> = {
  full: "no room",
  over_share: "over its share",
  rate_limited: "over its limit",
  store_unavailable: "store away",
  stopping: "stopping",
  malformed: "malformed",
  too_large: "too large",
  unsupported_type: "unknown type",
  unauthorized: "no key",
  too_many_connections: "too many connections",
  tls: "no TLS",
  unread: "answers left unread",
  internal: "a fault of ours",
};

/**
 * What was refused and why, most first.
 *
 * @example
 * reasonsText({ full: 3, malformed: 12_000 }); // "12k malformed, 3 no room"
 */
export function reasonsText(refused: Readonly<Record<string, number>>): string {
  return Object.entries(refused)
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${shortCount(count)} ${word(reason)}`)
    .join(", ");
}

function word(reason: string): string {
  const known = Object.hasOwn(WORDS, reason) ? WORDS[reason] : undefined;
  return known ?? reason.replaceAll("_", " ");
}
