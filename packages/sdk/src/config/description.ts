import type { Threshold } from "../logger/level.ts";
import type { Origin } from "../logger/levels.ts";

export interface LoggerDescription {
  readonly name: string;
  readonly level: Threshold;
  readonly origin: Origin;
  /** The logger whose setting it is, when it is a parent's; the directive, when it is a filter's. */
  readonly from: string | undefined;
  readonly sinks: readonly string[];
}

export interface SinkDescription {
  readonly name: string;
  readonly level: Threshold;
  readonly format: string;
  readonly dropped: number;
}

/** All that governs what is logged; `String(description)` is for people. */
export interface Description {
  readonly loggers: readonly LoggerDescription[];
  readonly sinks: readonly SinkDescription[];
  readonly settings: readonly { readonly name: string; readonly value: string; readonly origin: Origin }[];
  toString(): string;
}
