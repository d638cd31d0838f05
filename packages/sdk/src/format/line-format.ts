import type { ActiveContext } from "../logger/active-context.ts";
import type { Level } from "../logger/level.ts";
import type { System, TraceIds } from "../logger/record.ts";

/** What is the same for all records of one logger and level. */
export interface Origin {
  readonly level: Level;
  readonly logger: string;
  readonly system: System;
  readonly appId: string | undefined;
}

/** Makes lines, quickly: what doesn't change from record to record is made once, as a head. */
export interface LineFormat<Head = unknown> {
  readonly name: string;
  /** @param fixed fields that most of its records have before their own, as {@link fields} made them @defaultValue none */
  head(origin: Origin, fixed?: string): Head;
  /**
   * Fields as they stand in a line, to be put one after another. Never throws.
   *
   * @param isFirst false when others come before
   */
  fields(fields: object, isFirst: boolean): string;
  /**
   * Hot. The line, with its newline. Never throws.
   *
   * @param fields as {@link LineFormat.fields} made them
   * @param error what was thrown; `undefined` when nothing was
   */
  line(
    head: Head,
    time: number,
    message: string,
    fields: string,
    error: unknown,
    context: ActiveContext | undefined,
    trace: TraceIds | undefined,
  ): string;
  /**
   * Hot. The line of a record whose message and fields were written elsewhere, by these rules. Only of formats of which others
   * know the rules.
   *
   * @param rest all from the message on, with the newline
   */
  written?(head: Head, time: number, rest: string): string;
}
