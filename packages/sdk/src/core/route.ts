import type { Level } from "../logger/level.ts";
import type { System } from "../logger/record.ts";
import type { LineTarget, RecordTarget } from "./target.ts";

/** A line target, and what is the same for all records of a logger and level that go there. */
export interface LineLeg {
  readonly target: LineTarget;
  readonly head: unknown;
  /** Global metadata and bindings, written. */
  readonly fixed: string;
}

/** Where records of a logger, level and runtime go. Made at the first such record, and anew when something changes. */
export interface Route {
  readonly level: Level;
  readonly logger: string;
  readonly system: System;
  readonly lines: readonly LineLeg[];
  readonly records: readonly RecordTarget[];
  /** Global metadata, as far as it is an object that never changes. */
  readonly global: object | undefined;
  readonly bindings: object | undefined;
  /** Both, merged; `undefined` when there are none. */
  readonly fixed: Readonly<Record<string, unknown>> | undefined;
}
