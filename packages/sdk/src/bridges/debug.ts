import type { InspectOptions } from "node:util";
import { isError } from "../format/error.ts";
import { readCallArguments } from "./call-arguments.ts";
import { type BridgeOptions, openInlet } from "./inlet.ts";
import { replaceMethod } from "./replace-method.ts";

/** The module: what `import debug from "debug"` gives. */
export interface DebugModule {
  log: (...args: never[]) => unknown;
  coerce: (value: never) => unknown;
  formatArgs: (this: never, args: never[]) => void;
  formatters: Record<string, (this: never, value: never) => string>;
}

/** A function that debug made for a namespace. */
interface Debugger {
  readonly namespace: string;
  readonly inspectOpts?: InspectOptions | undefined;
  /** Set where a program sends one namespace elsewhere. */
  readonly log?: unknown;
}

/** The same as {@link DebugModule}, with what its functions take. */
interface Hooks {
  log: (this: Debugger, ...args: unknown[]) => unknown;
  coerce: (value: unknown) => unknown;
  formatArgs: (this: Debugger, args: unknown[]) => void;
  formatters: Record<string, (this: Debugger, value: unknown) => string>;
}

/**
 * Logs what `debug` would print, at level debug. Namespaces are the names of loggers, with `.` for `:`. Which of them
 * speak at all is still said by DEBUG or `debug.enable`; a namespace with a `log` of its own keeps it.
 *
 * @returns takes it back
 * @example
 * import debug from "debug";
 * bridgeDebug(debug);
 * debug.enable("app:*");
 * debug("app:db")("connected in %d ms", 12); // logged by "app.db"
 */
export function bridgeDebug(module: DebugModule, options: BridgeOptions = {}): () => void {
  const inlet = openInlet(options.polylog);
  const hooks = module as unknown as Hooks;
  // debug turns errors into text before it logs; all of that happens within one call.
  let error: Error | undefined;

  const isBridged = (source: Debugger) => source.log === undefined && !inlet.isBusy;
  const isEnabled = (source: Debugger) => inlet.isEnabled(loggerOf(source.namespace), "debug");

  const undos = [
    replaceMethod(hooks, "coerce", (original) => (value) => {
      error = undefined;
      if (!isError(value) || inlet.isBusy) return original(value);
      error = value;
      return value.message.replaceAll("%", "%%");
    }),
    // Adds date, namespace and colours.
    replaceMethod(
      hooks,
      "formatArgs",
      (original) =>
        function (args) {
          if (!isBridged(this)) original.call(this, args);
        },
    ),
    replaceMethod(
      hooks,
      "log",
      (original) =>
        function (...args) {
          if (!isBridged(this)) return original.apply(this, args);
          const logger = loggerOf(this.namespace);
          if (!inlet.isEnabled(logger, "debug")) return;
          const said = readCallArguments(args);
          inlet.emit({ logger, level: "debug", ...said, error: said.error ?? error });
        },
    ),
    ...(["o", "O"] as const).map((directive) =>
      replaceMethod(
        hooks.formatters,
        directive,
        (original) =>
          function (value) {
            if (original === undefined) return "";
            if (!isBridged(this)) return original.call(this, value);
            if (!isEnabled(this)) return "";
            if (isError(value)) {
              error ??= value;
              return `${value.name}: ${value.message}`;
            }
            const plain = {
              useColors: false,
              inspectOpts: { ...this.inspectOpts },
              namespace: this.namespace,
            };
            return original.call(plain, value);
          },
      ),
    ),
  ];
  return () => {
    for (const undo of undos) undo();
  };
}

/** `app:db` is `app.db` among loggers. */
function loggerOf(namespace: string): string {
  return namespace.replaceAll(":", ".");
}
