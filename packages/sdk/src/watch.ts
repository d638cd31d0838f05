import { polylog as shared } from "./api.ts";
import type { Level } from "./logger/level.ts";
import type { Logger } from "./logger/logger.ts";

type AnyFunction = (this: never, ...parameters: never[]) => unknown;

/** What a function gives in the end: the value of its promise, if it gives one. */
type ResultOf<F extends AnyFunction> = Awaited<ReturnType<F>>;

interface CommonOptions<F extends AnyFunction> {
  /** Logs calls that took longer, in milliseconds; for async functions, until their promise is settled. */
  readonly slowerThan?: number;
  /** Logs calls that threw, as errors. @defaultValue false */
  readonly errors?: boolean;
  /** What the records call the function. @defaultValue its name */
  readonly name?: string;
  /** Of what was above or slow. @defaultValue `warn` */
  readonly level?: Level;
  /** @defaultValue the logger `watch` */
  readonly logger?: Pick<Logger, "isEnabled" | Level>;
  /** Adds the arguments to the records: all of them, or what the function makes of them. @defaultValue false */
  readonly arguments?: boolean | ((...parameters: Parameters<F>) => unknown);
}

interface NumberOptions {
  /** Logs calls that returned more. */
  readonly above?: number;
}

interface ValueOptions<Result> {
  readonly above: number;
  /** The number to compare, for results that are none. */
  readonly value: (result: Result) => number;
}

interface NoThreshold {
  readonly above?: never;
  readonly value?: never;
}

/** When a call is logged, and how. `above` is for functions that return numbers; others need `value` with it. */
export type WatchOptions<F extends AnyFunction> = CommonOptions<F> &
  (ResultOf<F> extends number | bigint
    ? NumberOptions | ValueOptions<ResultOf<F>>
    : ValueOptions<ResultOf<F>> | NoThreshold);

/** The options as the code sees them, without the types that guard them. */
interface Watched extends CommonOptions<AnyFunction> {
  readonly above?: number;
  readonly value?: (result: never) => number;
}

/**
 * The same function, whose calls are logged when they return more than they should or take longer.
 * What it returns or throws stays as it is.
 *
 * @example
 * const queueLength = watch(countJobs, { above: 500 });
 * const search = watch(runSearch, { value: (hits) => hits.length, above: 10_000, slowerThan: 200 });
 */
export function watch<F extends AnyFunction>(target: F, options: WatchOptions<F>): F {
  const { logger = shared.getLogger("watch"), name = target.name || "anonymous" } = options;
  const observer = createObserver(name, logger, options as Watched);

  function watched(this: unknown, ...parameters: unknown[]): unknown {
    const began = performance.now();
    let result: unknown;
    try {
      result = Reflect.apply(target, this, parameters);
    } catch (error) {
      observer.threw(error, performance.now() - began, parameters);
      throw error;
    }
    // Other thenables may do their work only when asked for it, each time they are asked.
    if (!(result instanceof Promise)) {
      observer.returned(result, performance.now() - began, parameters);
      return result;
    }
    return result.then(
      (value) => {
        observer.returned(value, performance.now() - began, parameters);
        return value;
      },
      (error) => {
        observer.threw(error, performance.now() - began, parameters);
        throw error;
      },
    );
  }
  Object.defineProperty(watched, "name", { value: target.name, configurable: true });
  Object.defineProperty(watched, "length", { value: target.length, configurable: true });
  return watched as unknown as F;
}

type Observe = (outcome: unknown, tookMs: number, parameters: readonly unknown[]) => void;

function createObserver(name: string, logger: Pick<Logger, "isEnabled" | Level>, options: Watched) {
  const { above, slowerThan, level = "warn" } = options;

  const fieldsOf = (took: number, parameters: readonly unknown[]): Record<string, unknown> => ({
    function: name,
    durationMs: Math.round(took * 100) / 100,
    ...(options.arguments === undefined || options.arguments === false
      ? undefined
      : {
          arguments: options.arguments === true ? parameters : options.arguments(...(parameters as never[])),
        }),
  });

  /** `value` and `arguments` are the application's: their mistakes must not be those of the function. */
  const careful =
    (observe: Observe): Observe =>
    (outcome, took, parameters) => {
      try {
        observe(outcome, took, parameters);
      } catch (error) {
        logger.warn(`${name} can't be watched: its options threw`, error);
      }
    };

  return {
    returned: careful((result, took, parameters) => {
      const value = above === undefined ? undefined : numberOf(result, options.value);
      const isAbove = above !== undefined && value !== undefined && value > above;
      const isSlow = slowerThan !== undefined && took > slowerThan;
      if ((!isAbove && !isSlow) || !logger.isEnabled(level)) return;
      const fields = fieldsOf(took, parameters);
      const found = [
        ...(isAbove ? [`returned ${value}, above ${above}`] : []),
        ...(isSlow ? [`took ${fields.durationMs} ms, longer than ${slowerThan}`] : []),
      ];
      logger[level](`${name} ${found.join(", and ")}`, {
        ...fields,
        ...(isAbove ? { value, above } : undefined),
        ...(isSlow ? { slowerThan } : undefined),
      });
    }),

    threw: careful((error, took, parameters) => {
      if (options.errors !== true || !logger.isEnabled("error")) return;
      const fields = fieldsOf(took, parameters);
      logger.error(`${name} threw after ${fields.durationMs} ms`, error, fields);
    }),
  };
}

function numberOf(result: unknown, value: Watched["value"]): number | bigint | undefined {
  const number: unknown = value === undefined ? result : value(result as never);
  return typeof number === "number" || typeof number === "bigint" ? number : undefined;
}
