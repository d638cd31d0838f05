import type { Level, LogLevel, Threshold } from "./level.ts";

/** What has no fields is told by its symbols, where it can be: almost any name may be a field's. */
interface NotBuiltIn {
  /** Of lists, sets and maps. */
  readonly [Symbol.iterator]?: never;
  /** Of dates. */
  readonly [Symbol.toPrimitive]?: never;
  /** Of functions. */
  readonly [Symbol.hasInstance]?: never;
  /** Of promises. */
  readonly then?: never;
}

interface NotError {
  readonly stack?: never;
}

// The conditions below stand beside the type parameter, not around it: only so they hold for a caller's `T extends object`.

/** Fields of a record: any object but an error, a list, a promise and the like, which are most likely a mistake. */
export type Fields<F> = F & (F extends Error ? NotError : NotBuiltIn);

/** Something thrown: an Error, or an `unknown` as `catch` gives it. */
export type Thrown<E> = E & (unknown extends E ? unknown : Error);

/** Logs a message. */
export interface LogMethod {
  /** @example log.info("ready") */
  (message: string): void;
  /** The error's message is the record's. @example log.error(error) */
  <E, F extends object = object>(error: Thrown<E>, fields?: Fields<F> | undefined): void;
  /** @example log.info("paid", { orderId }) */
  <F extends object>(message: string, fields: Fields<F> | undefined): void;
  /** @example log.error("failed", error, { orderId }) */
  <E, F extends object = object>(
    message: string,
    error: Thrown<E> | null | undefined,
    fields?: Fields<F> | undefined,
  ): void;
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
  setLevel(level: Threshold | LogLevel | undefined): void;
}
