/** The forms of RE2's syntax, each to be tried where an expression goes on. */

export const REPETITION = /\{(\d{1,6})(,(\d{0,6}))?\}/y;
export const FLAGS = /\(\?(?:[imsU]+(?:-[imsU]+)?|-[imsU]+)[:)]/y;
export const NAMED_GROUP = /\(\?P?<([\p{L}\p{M}\p{N}\p{Pc}]+)>/uy;
export const POSIX_CLASS =
  /\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/y;
export const CHARACTER =
  /\\(?:[aftnrv]|x[0-9A-Fa-f]{2}|x\{0*(?:10|[0-9A-Fa-f])?[0-9A-Fa-f]{1,4}\}|0[0-7]{0,2}|[1-7][0-7]{1,2}|[^0-9A-Za-z\u0080-\uffff])/y;
export const CLASS = /\\(?:[dDsSwW]|[pP](?:([A-Z])|\{\^?([A-Za-z_]{1,40})\}))/y;
export const POSITION = /\\[bBAz]/y;

/** Forms that RE2 doesn't know, by how they begin, in the words people know them by. */
export const UNAVAILABLE: readonly (readonly [begin: RegExp, name: string])[] = [
  [/\(\?(?:[=!]|<[=!])/y, "Lookaround is"],
  [/\(\?P=|\\k|\\[1-9]/y, "Backreferences are"],
  [/\(\?>/y, "Atomic groups are"],
  [/\(\?(?:R|[0-9]|P>|&)/y, "Recursion is"],
  [/\(\?#/y, "Comments are"],
  [/\(\?\(/y, "Conditions are"],
];

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** The number of the character that an escape means. */
export function escapedCharacter(written: string): number {
  const name = written[1] as string;
  if (name === "x") return Number.parseInt(written.replace(/[^0-9A-Fa-f]/g, ""), 16);
  if (/[0-7]/.test(name)) return Number.parseInt(written.slice(1), 8);
  return CONTROLS[name] ?? (written.codePointAt(1) as number);
}

/** Whether Unicode has a general category or a script of this name. */
export function isProperty(name: string): boolean {
  if (name === "Any") return true;
  try {
    return new RegExp(`\\p{${name.length > 2 ? `Script=${name}` : name}}`, "u") !== null;
  } catch {
    return false;
  }
}
