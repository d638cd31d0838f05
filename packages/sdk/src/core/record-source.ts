import type { ActiveContext } from "../logger/active-context.ts";
import type { System, TraceIds } from "../logger/record.ts";

/** Where records are made outside of JavaScript: a native addon. What it is asked for, it answers at once. */
export interface RecordSource {
  /** Brings in all that lies ready, before it returns. */
  drain(): void;
  /** Records that were lost on its side. */
  readonly dropped: number;
  /** Called when levels change. @param filter directives that say for all names what goes anywhere */
  setFilter(filter: string): void;
}

/** Loggers for what a source brings in. */
export interface SourceInlet {
  /** The runtime is part of it: `RUST_LOG` governs native code. */
  logger(name: string, system: System): SourceLogger;
  /** True when records tell where they were made. */
  readonly isLocated: boolean;
  /** What is active now, to be given with records that come of it later. */
  capture(): CapturedContext;
}

/** A logger that was looked up once. Its records were let through where they were made, and aren't asked again. */
export interface SourceLogger {
  /** True when records of this rank go anywhere. */
  isEnabled(rank: number): boolean;
  /** Hot. */
  send(
    rank: number,
    time: number,
    message: string,
    metadata: object | undefined,
    error: unknown,
    context: CapturedContext | undefined,
  ): void;
}

export interface CapturedContext {
  readonly context: ActiveContext | undefined;
  readonly trace: TraceIds | undefined;
}
