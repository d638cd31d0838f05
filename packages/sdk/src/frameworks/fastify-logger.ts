import { format } from "node:util";
import { polylog as shared } from "../api.ts";
import { LEVELS, type Level, rankOf, type Threshold, toThreshold } from "../logger/level.ts";
import type { Logger } from "../logger/logger.ts";
import type { RequestPolylog } from "./request-log.ts";

/** `(message, ...values)`, `(fields, message, ...values)` or `(error, message, ...values)`, as pino has it. */
type PinoMethod = (first: unknown, ...rest: unknown[]) => void;
type Serializers = Readonly<Record<string, (value: never) => unknown>>;

interface ChildOptions {
  readonly level?: string | undefined;
  readonly serializers?: Serializers | undefined;
}

/** What Fastify wants of a logger: the methods of pino's. */
export interface FastifyLogger extends Readonly<Record<Level | "silent", PinoMethod>> {
  /**
   * Of this instance alone. It can only be stricter than the level of the logger it logs to, which
   * `getLogger("fastify").setLevel` changes.
   */
  level: string;
  child(bindings: object, options?: ChildOptions): FastifyLogger;
}

export interface FastifyLoggerOptions {
  /** Name of the logger that Fastify and `request.log` log to. @defaultValue `fastify` */
  readonly logger?: string;
  /** Where it logs to. @defaultValue the Polylog of the process */
  readonly polylog?: Pick<RequestPolylog, "getLogger">;
}

/**
 * The logger of a Fastify instance.
 *
 * @example
 * const app = Fastify({ loggerInstance: fastifyLogger(), genReqId: requestId });
 */
export function fastifyLogger(options: FastifyLoggerOptions = {}): FastifyLogger {
  const polylog = options.polylog ?? shared;
  return adapt(polylog.getLogger(options.logger ?? "fastify"), undefined, {});
}

function adapt(logger: Logger, own: Threshold | undefined, serializers: Serializers): FastifyLogger {
  let threshold = own;
  const method =
    (level: Level): PinoMethod =>
    (first, ...rest) => {
      if (threshold !== undefined && rankOf(level) < rankOf(threshold)) return;
      if (logger.isEnabled(level)) logCall(logger, level, first, rest, serializers);
    };
  const methods = Object.fromEntries(LEVELS.map((level) => [level, method(level)])) as Record<
    Level,
    PinoMethod
  >;
  return {
    ...methods,
    silent() {},
    get level() {
      const lowest = threshold ?? LEVELS.find((level) => logger.isEnabled(level)) ?? "off";
      return lowest === "off" ? "silent" : lowest;
    },
    set level(level) {
      threshold = toThreshold(level) ?? threshold;
    },
    child(bindings, child = {}) {
      const all = { ...serializers, ...child.serializers };
      const level = child.level === undefined ? undefined : toThreshold(child.level);
      const isBound = Object.keys(bindings).length > 0;
      return adapt(isBound ? logger.with(serialize(bindings, all)) : logger, level ?? threshold, all);
    },
  };
}

/** Logs a call that was made as to pino. */
function logCall(
  logger: Logger,
  level: Level,
  first: unknown,
  rest: readonly unknown[],
  serializers: Serializers,
): void {
  if (typeof first !== "object" || first === null) {
    logger[level](format(first, ...rest));
    return;
  }
  const text = rest.length === 0 ? undefined : format(...rest);
  if (first instanceof Error) {
    logger[level](text ?? first.message, first as unknown);
    return;
  }
  const { err, ...others } = first as Record<string, unknown>;
  const fields = serialize(others, serializers);
  if (err instanceof Error) logger[level](text ?? err.message, err as unknown, fields);
  else logger[level](text ?? "", err === undefined ? fields : { ...fields, err });
}

/** Whole requests and replies are no fields: what Fastify says of them is. */
function serialize(fields: object, serializers: Serializers): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (!Object.hasOwn(serializers, key)) return [key, value];
      try {
        return [key, serializers[key]?.(value as never)];
      } catch (error) {
        return [key, `[its serializer failed: ${String(error)}]`];
      }
    }),
  );
}
