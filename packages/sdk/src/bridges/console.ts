import { type InspectOptions, inspect } from "node:util";
import type { Level } from "../logger/level.ts";
import { readCallArguments } from "./call-arguments.ts";
import { type BridgeOptions, openInlet } from "./inlet.ts";
import { replaceMethod } from "./replace-method.ts";

type Method = (...args: unknown[]) => void;

/** The methods that are bridged. All others, such as `count` and `timeEnd`, print through one of these. */
export interface ConsoleMethods {
  log(...args: unknown[]): void;
  info(...args: unknown[]): void;
  debug(...args: unknown[]): void;
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
  trace(...args: unknown[]): void;
  assert(...args: unknown[]): void;
  dir(...args: unknown[]): void;
  table(...args: unknown[]): void;
}

export interface ConsoleBridgeOptions extends BridgeOptions {
  /** @defaultValue "console" */
  readonly logger?: string | undefined;
  /** @defaultValue the global one */
  readonly console?: ConsoleMethods | undefined;
}

const PLAIN = [
  ["log", "info"],
  ["info", "info"],
  ["debug", "debug"],
  ["warn", "warn"],
  ["error", "error"],
] as const satisfies [keyof ConsoleMethods, Level][];

/**
 * Logs what is written to the console, instead of printing it. Arguments are formatted as Node does; an error is kept as
 * one, and a single plain object at the end becomes metadata. What a sink writes to the console while it takes such a
 * record is printed.
 *
 * @returns takes it back
 * @example
 * const undo = bridgeConsole();
 * console.warn("card declined", { customer: 4711 }); // logged by "console" at warn
 * undo();
 */
export function bridgeConsole(options: ConsoleBridgeOptions = {}): () => void {
  const target: ConsoleMethods = options.console ?? globalThis.console;
  const inlet = openInlet(options.polylog);
  const logger = options.logger ?? "console";
  const undos: (() => void)[] = [];

  function bridge(
    method: keyof ConsoleMethods,
    level: Level,
    log: (args: unknown[], printed: Method) => void,
  ) {
    const undo = replaceMethod(target, method, (original) => (...args) => {
      if (inlet.isBusy) original.apply(target, args);
      else if (inlet.isEnabled(logger, level)) log(args, original);
    });
    undos.push(undo);
  }

  for (const [method, level] of PLAIN) {
    bridge(method, level, (args) => inlet.emit({ logger, level, ...readCallArguments(args) }));
  }
  bridge("trace", "trace", (args) => {
    const said = readCallArguments(args);
    inlet.emit({
      logger,
      level: "trace",
      ...said,
      metadata: { ...said.metadata, stack: framesAbove(target.trace) },
    });
  });
  bridge("assert", "error", ([condition, ...args]) => {
    if (condition) return;
    const said = readCallArguments(args);
    const message = said.message === "" ? "Assertion failed" : `Assertion failed: ${said.message}`;
    inlet.emit({ logger, level: "error", ...said, message });
  });
  bridge("dir", "info", ([value, how]) => {
    const message = inspect(value, { customInspect: false, ...(how as InspectOptions) });
    inlet.emit({ logger, level: "info", message });
  });
  // Draws its table, then prints it by `log`.
  bridge("table", "info", (args, original) => original.apply(target, args));

  return () => {
    for (const undo of undos.splice(0)) undo();
  };
}

/** How the program came to call `method`. */
function framesAbove(method: Method): string {
  const here: { stack?: string } = {};
  Error.captureStackTrace(here, method);
  const { stack = "" } = here;
  return stack.slice(stack.indexOf("\n") + 1).trimStart();
}
