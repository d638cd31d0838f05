import { merge } from "../format/merge.ts";
import { LEVELS, type LogLevel, rankOf, type Threshold } from "../logger/level.ts";
import type { Logger, LogMethod } from "../logger/logger.ts";
import type { Node } from "./node.ts";
import type { Route } from "./route.ts";

/** A logger's node and bindings, and where its records go. */
export interface LoggerState {
  readonly node: Node;
  readonly bindings: object | undefined;
  /** By the rank of the level; cleared when something changes. */
  routes: (Route | undefined)[];
  /** That of the configuration the routes were made for. */
  generation: number;
}

/** What loggers hand their calls to. */
export interface LogCalls {
  /** Hot. A call of the method of this rank with these arguments. */
  call(state: LoggerState, rank: number, first: unknown, second: unknown, third: unknown): void;
  setLevel(node: Node, level: Threshold | LogLevel | undefined): void;
}

type MethodName = (typeof LEVELS)[number];
type Methods = { -readonly [Name in MethodName]: LogMethod };

const ignore = (() => {}) as LogMethod;

export function newState(node: Node, bindings: object | undefined): LoggerState {
  return { node, bindings, routes: [], generation: -1 };
}

/**
 * The logger of a node. Its methods are swapped for one that does nothing while their level goes nowhere: a disabled
 * call costs what an empty call costs. They need no `this`, so `promise.catch(log.error)` works.
 */
export function createLogger(node: Node, calls: LogCalls): Logger {
  const state = newState(node, undefined);
  const enabled = LEVELS.map((_, rank) => enabledMethod(state, rank, calls));
  const method = (rank: number) => (rank >= node.rank ? enabled[rank]! : ignore);
  const logger = newLogger(state, calls, method);
  node.onChange = () => {
    LEVELS.forEach((level, rank) => {
      (logger as Methods)[level] = method(rank);
    });
  };
  return logger;
}

/**
 * A logger with bindings; made for each request, so nothing is kept of it: its methods look at the level themselves.
 */
function createBoundLogger(node: Node, bindings: object, calls: LogCalls): Logger {
  const state = newState(node, bindings);
  return newLogger(state, calls, (rank) => checkedMethod(state, rank, calls));
}

function newLogger(state: LoggerState, calls: LogCalls, method: (rank: number) => LogMethod): Logger {
  const { node, bindings: outer } = state;
  return {
    trace: method(0),
    debug: method(1),
    info: method(2),
    warn: method(3),
    error: method(4),
    fatal: method(5),
    name: node.name,
    with: (bindings) => createBoundLogger(node, merge(outer, bindings), calls),
    isEnabled: (level) => rankOf(level) >= node.rank,
    setLevel: (level) => calls.setLevel(node, level),
  };
}

function enabledMethod(state: LoggerState, rank: number, { call }: LogCalls): LogMethod {
  return (first: unknown, second?: unknown, third?: unknown) => call(state, rank, first, second, third);
}

function checkedMethod(state: LoggerState, rank: number, { call }: LogCalls): LogMethod {
  const { node } = state;
  return (first: unknown, second?: unknown, third?: unknown) => {
    if (rank >= node.rank) call(state, rank, first, second, third);
  };
}
