import type { Level } from "../logger/level.ts";
import type { Style } from "./unified.ts";

/** ECMA-48's "select graphic rendition": what switches a colour on and off. */
const COLORS: Readonly<Record<Level, readonly [on: number, off: number]>> = {
  trace: [2, 22],
  debug: [36, 39],
  info: [32, 39],
  warn: [33, 39],
  error: [31, 39],
  fatal: [31, 39],
};

/** For terminals. */
export const ANSI: Style = {
  dim: (text) => paint(text, 2, 22),
  level: (level, text) => paint(text, ...COLORS[level]),
};

function paint(text: string, on: number, off: number): string {
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
