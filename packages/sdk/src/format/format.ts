import type { LogRecord } from "../logger/record.ts";

/** A format of our own; see the README for each. `text` is the unified line. */
export const FORMAT_NAMES = ["text", "json", "logfmt", "pretty"] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** A function makes lines of its own, without the newline. */
export type Format = FormatName | ((record: LogRecord) => string);
