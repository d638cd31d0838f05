import { polylog as shared } from "../api.ts";
import { isError } from "../format/error.ts";
import type { Level } from "../logger/level.ts";
import type { Logger } from "../logger/logger.ts";
import type { RequestPolylog } from "./request-log.ts";

export { type ExpressRequest, errorLog, requestLog } from "./express.ts";
export type { RequestLogOptions } from "./request-log.ts";

/** What Nest wants of a logger, its `LoggerService`. */
export interface NestLogger {
  log(message: unknown, ...parameters: unknown[]): void;
  fatal(message: unknown, ...parameters: unknown[]): void;
  error(message: unknown, ...parameters: unknown[]): void;
  warn(message: unknown, ...parameters: unknown[]): void;
  debug(message: unknown, ...parameters: unknown[]): void;
  verbose(message: unknown, ...parameters: unknown[]): void;
}

export interface NestLoggerOptions {
  /** Logger above all of Nest's contexts: `CatsService` logs to `nest.CatsService`. @defaultValue `nest` */
  readonly logger?: string;
  /** Where it logs to. @defaultValue the Polylog of the process */
  readonly polylog?: Pick<RequestPolylog, "getLogger">;
}

/**
 * The logger of a Nest application: all that Nest and its `Logger`s log goes to Polylog.
 *
 * @example
 * const app = await NestFactory.create(AppModule, { logger: nestLogger() });
 * app.use(requestLog());
 */
export function nestLogger(options: NestLoggerOptions = {}): NestLogger {
  const polylog = options.polylog ?? shared;
  const root = options.logger ?? "nest";
  const method =
    (level: Level) =>
    (message: unknown, ...parameters: unknown[]): void => {
      // Nest puts the context behind all others.
      const context = typeof parameters.at(-1) === "string" ? (parameters.pop() as string) : undefined;
      const logger = polylog.getLogger(context === undefined ? root : `${root}.${context}`);
      if (logger.isEnabled(level)) logCall(logger, level, message, parameters);
    };
  const error = method("error");
  return {
    log: method("info"),
    warn: method("warn"),
    debug: method("debug"),
    verbose: method("trace"),
    fatal: method("fatal"),
    error(message, ...parameters) {
      // `error(message, stack)`: without a context behind it a stack is the last.
      const last = parameters.at(-1);
      if (typeof last === "string" && isStack(last)) error(message, ...parameters, undefined);
      else error(message, ...parameters);
    },
  };
}

function logCall(logger: Logger, level: Level, message: unknown, parameters: readonly unknown[]): void {
  const others = parameters.filter((parameter) => parameter !== undefined);
  const thrown = takeError(message, others);
  const fields = fieldsOf(message, others);
  const text = textOf(message, thrown);
  if (thrown === undefined) logger[level](text, fields);
  else logger[level](text, thrown as unknown, fields);
}

/** An error given as such, or the stack that older code gives in its place. */
function takeError(message: unknown, others: unknown[]): Error | undefined {
  if (isError(message)) return message;
  const at = others.findIndex((other) => isError(other) || isStack(other));
  if (at < 0) return undefined;
  const [found] = others.splice(at, 1);
  return isError(found) ? found : errorOf(String(message), String(found));
}

function isStack(value: unknown): boolean {
  return typeof value === "string" && /\n\s{1,8}at /.test(value.slice(0, 10_000));
}

function errorOf(message: string, stack: string): Error {
  const error = new Error(message);
  error.stack = stack;
  const name = /^[A-Za-z_$][\w$]{0,63}(?=[:\n])/.exec(stack)?.[0];
  if (name !== undefined) error.name = name;
  return error;
}

function textOf(message: unknown, thrown: Error | undefined): string {
  if (typeof message === "string") return message;
  if (message === thrown && thrown !== undefined) return thrown.message;
  return typeof message === "object" && message !== null ? "" : String(message);
}

/** An object for a message is fields; so are objects behind it, and what else is there stands under `values`. */
function fieldsOf(message: unknown, others: readonly unknown[]): Record<string, unknown> {
  const objects = [message, ...others].filter(isFields);
  const values = others.filter((other) => !isFields(other));
  const merged = Object.fromEntries(objects.flatMap((object) => Object.entries(object)));
  return values.length === 0 ? merged : { ...merged, values };
}

function isFields(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isError(value);
}
