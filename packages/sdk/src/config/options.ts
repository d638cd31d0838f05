import type { Format } from "../format/format.ts";
import type { RateLimit } from "../limits/rate-limiter.ts";
import type { LogLevel, Threshold } from "../logger/level.ts";
import type { Redaction } from "../redaction/redactor.ts";
import type { Sink } from "../sinks/sink.ts";

/** A sink and what goes to it. */
export interface SinkOptions {
  readonly sink: Sink;
  /** Lowest level of records it is given. @defaultValue all that loggers let through */
  readonly level?: Threshold | LogLevel | undefined;
  /** How its lines look, if it takes lines. @defaultValue the common format */
  readonly format?: Format | undefined;
}

export interface LoggerOptions {
  readonly level?: Threshold | LogLevel | undefined;
  /** Names of the sinks that this logger's records, and its children's, go to. @defaultValue its parent's */
  readonly sinks?: readonly string[] | undefined;
}

/** Called for each record, so it has to have an answer at once: a promise is none. */
type GlobalMetadata = () => (object & { readonly then?: never }) | undefined;

export interface Options {
  /** Of the root. @defaultValue `info` */
  readonly level?: Threshold | LogLevel | undefined;
  /** Filter directives, which are more exact than `level`: `warn,myapp.billing=debug`. */
  readonly filter?: string | undefined;
  /** @defaultValue `text` */
  readonly format?: Format | undefined;
  /** Colours of `text` and `pretty`. @defaultValue `auto`: on a terminal, unless NO_COLOR says otherwise */
  readonly colors?: boolean | "auto" | undefined;
  /** Shortens ids and class names in the bracket of the text line. @defaultValue true */
  readonly compactContext?: boolean | undefined;
  /** Name of the application, after the runtime's tag. */
  readonly appId?: string | undefined;
  /** Where records go, by names of your own. Replaces the sinks there were. @defaultValue the standard error stream */
  readonly sinks?: Readonly<Record<string, Sink | SinkOptions>> | undefined;
  readonly loggers?: Readonly<Record<string, LoggerOptions>> | undefined;
  /** Fields for each record: an object, or a function that gives one. A record's own fields win. */
  readonly globalMetadata?: Readonly<Record<string, unknown>> | GlobalMetadata | undefined;
  readonly redact?: readonly string[] | Redaction | undefined;
  /** Part of the records below `warn` that is kept, from 0 to 1. @defaultValue 1 */
  readonly sampling?: number | undefined;
  readonly rateLimit?: RateLimit | undefined;
  /** Adds file, line and function of the call. Costs 8 to 12 µs a record. @defaultValue false */
  readonly sourceLocation?: boolean | undefined;
}
