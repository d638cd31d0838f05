import type { Level } from "./level.ts";

/** The runtime a record comes from; told by `[N]`, `[R]`, `[P]`, `[C]` in the text line. */
export type System = "node" | "rust" | "python" | "cpp" | "browser";

/** Where in the work of an application a record was made. Ids are given in full. */
export interface ExecutionContext {
  readonly runnerClass?: string | undefined;
  readonly runnerId?: string | undefined;
  readonly workerId?: string | undefined;
  readonly invocationId?: string | undefined;
  readonly taskId?: string | undefined;
}

/** Ids of a span, in lower-case hex as W3C Trace Context writes them. */
export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
  /** Bit 0: sampled. */
  readonly traceFlags: number;
}

/** What a logger hands to sinks that want more than a line. */
export interface LogRecord {
  /** Milliseconds since 1970; a fraction holds what a finer clock knew. */
  readonly time: number;
  readonly level: Level;
  /** The name of the logger; `root` for the root. */
  readonly logger: string;
  readonly message: string;
  readonly system: System;
  /** Bindings, global metadata, context and the call's own fields, merged and redacted; `undefined` when there are none. */
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  /** What was thrown; mostly an Error. `undefined` when there is none. */
  readonly error: unknown;
  readonly context: ExecutionContext | undefined;
  readonly trace: TraceIds | undefined;
  readonly appId: string | undefined;
}

/** A record that comes from elsewhere: another library's logger, a native addon, another process. */
export interface ForeignRecord {
  /** @defaultValue the root */
  readonly logger?: string | undefined;
  readonly level: Level;
  readonly message: string;
  /** @defaultValue now */
  readonly time?: number | undefined;
  /** @defaultValue the runtime this code runs in */
  readonly system?: System | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly error?: unknown;
  /** @defaultValue the context that is active */
  readonly context?: ExecutionContext | undefined;
  /** @defaultValue the ids of the span that is active; none for a record with a context of its own */
  readonly trace?: TraceIds | undefined;
}
