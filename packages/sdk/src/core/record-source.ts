import type { Options } from "../config/options.ts";
import type { ActiveContext } from "../logger/active-context.ts";
import type { System } from "../logger/record.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Host } from "./host.ts";
import type { LoggerState } from "./logger-object.ts";
import type { Registry } from "./registry.ts";

/** Where records are made outside of JavaScript: a native addon. What it is asked for, it answers at once. */
export interface RecordSource {
  /** Brings in all that lies ready, before it returns. */
  drain(): void;
  /** Records that were lost on its side. */
  readonly dropped: number;
  /** Called when levels have changed. */
  onLevels(): void;
}

/** What a source works with. It is all that the core has for sources: programs without one don't pay for them. */
export interface SourceAccess {
  readonly registry: Registry;
  readonly dispatcher: Dispatcher;
  readonly host: Host;
  /** The logger of this name, for records of this runtime. */
  stateOf(name: string, system: System): LoggerState;
  activeContext(): ActiveContext | undefined;
  options(): Options;
}
