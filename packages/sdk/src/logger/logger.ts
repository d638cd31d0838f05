import type { Level, Threshold } from "./level.ts";

type NotFields = Error | readonly unknown[] | ((...parameters: never[]) => unknown);

/** Fields of a record: any object but an error, an array or a function, which are most likely a mistake. */
export type Fields<F> = F extends NotFields ? never : F;

/** Something thrown: an Error, or an `unknown` as `catch` gives it. */
export type Thrown<E> = unknown extends E ? E : E extends Error ? E : never;

/** Logs a message. */
export interface LogMethod {
  /** @example log.info("paid", { orderId }) */
  (message: string): void;
  <F extends object>(message: string, fields: Fields<F>): void;
  /** @example log.error("failed", error, { orderId }) */
  <E, F extends object = object>(message: string, error: Thrown<E>, fields?: Fields<F>): void;
  /** The error's message is the record's. @example log.error(error) */
  <E extends Error, F extends object = object>(error: E, fields?: Fields<F>): void;
}

/**
 * A named logger. Names are made of segments, parted by `.` or `::`, which mean the same; what governs
 * `myapp` governs `myapp.billing` too, until that says otherwise.
 *
 * @example
 * const log = getLogger("myapp.billing");
 * log.info("paid", { orderId: 17 });
 * log.with({ customer: 4711 }).warn("card declined");
 */
export interface Logger {
  readonly name: string;
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  /** For an error after which the application can't go on. Doesn't end the process. */
  readonly fatal: LogMethod;
  /** The same logger with fields that each of its records carries. A record's own fields win. */
  with<F extends object>(bindings: Fields<F>): Logger;
  /** True when a record of this level would go anywhere. */
  isEnabled(level: Level): boolean;
  /** Sets what this logger and its children let through; `undefined` leaves it to its parent again. */
  setLevel(level: Threshold | undefined): void;
}
