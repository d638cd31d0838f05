import type { RowLevel } from "@polylog/server/contract";

/**
 * How each level is drawn, in the same way in rows, histogram and trace. The colours are `--severity-…` in
 * `app/tokens.css`.
 */
export const SEVERITIES = [
  "fatal",
  "error",
  "warn",
  "info",
  "debug",
  "trace",
  "unset",
] as const satisfies readonly RowLevel[];

/** The short word of a row, five characters at most, so that colour is never the only sign. */
export const LEVEL_WORD: Readonly<Record<RowLevel, string>> = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
  fatal: "FATAL",
  unset: "–",
};
