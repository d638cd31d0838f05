import type { LogRecord } from "../logger/record.ts";

/** A format of our own; see the README for each. `text` is the unified line. */
export type FormatName = "text" | "json" | "logfmt" | "pretty";

/** A function makes lines of its own, without the newline. */
export type Format = FormatName | ((record: LogRecord) => string);
