import type { Answer, Verdict } from "./post.ts";

/** Characters of a server's own words that a warning shows. */
const MOST_SHOWN = 200;

/**
 * What an answer means by its status alone.
 *
 * @param isPassing whether the trouble that a status of 400 and above tells of may pass by itself
 */
export function judgeStatus({ status, body }: Answer, isPassing: (status: number) => boolean): Verdict {
  if (status === 0) return { kind: "again", reason: `the server can't be reached: ${shown(body)}` };
  if (status < 300) return { kind: "taken", rejected: 0, reason: "" };
  if (status < 400) {
    return {
      kind: "refused",
      reason: `the server redirects (${status}), which is not followed; give its final address`,
    };
  }
  const reason = `the server answers ${status}${body === "" ? "" : `: ${shown(body)}`}`;
  return { kind: isPassing(status) ? "again" : "refused", reason };
}

/** Words of a server on one short line, without what could colour or clear a terminal. */
export function shown(text: string): string {
  return text
    .slice(0, MOST_SHOWN)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
}
