import type { EventEmitter } from "node:events";
import { messageOf } from "../format/error.ts";
import { type BridgeOptions, openInlet } from "./inlet.ts";

export interface ProcessBridgeOptions extends BridgeOptions {
  /** @defaultValue this process */
  readonly process?: EventEmitter | undefined;
}

const WARNINGS = "node.warning";
const UNCAUGHT = "node.uncaught";

/** Name of the listener that prints warnings, which Node sets up at its start. */
const NODE_PRINTER = "onWarning";

/**
 * Logs the warnings of the process, deprecations among them, under `node.warning` at warn, with their kind, code and
 * detail as metadata. Node's own print of them, or its file of `--redirect-warnings`, is taken off meanwhile, so that each is
 * told once.
 *
 * @returns takes it back; Node prints again
 * @example
 * bridgeWarnings();
 * process.emitWarning("disk is nearly full", { code: "MYAPP_DISK" });
 */
export function bridgeWarnings(options: ProcessBridgeOptions = {}): () => void {
  const inlet = openInlet(options.polylog);
  const events: EventEmitter = options.process ?? process;
  const printers = events.listeners("warning").filter(isNodePrinter);
  for (const printer of printers) events.off("warning", printer);

  function log(warning: Error & { code?: unknown; detail?: unknown }): void {
    if (!inlet.isEnabled(WARNINGS, "warn")) return;
    const { name, message, code, detail } = warning;
    const metadata = {
      type: name,
      ...(code !== undefined && { code }),
      ...(detail !== undefined && { detail }),
    };
    inlet.emit({ logger: WARNINGS, level: "warn", message, metadata, error: warning });
  }

  events.on("warning", log);
  return () => {
    events.off("warning", log);
    for (const printer of printers.splice(0)) events.on("warning", printer);
  };
}

function isNodePrinter(listener: unknown): listener is () => void {
  return typeof listener === "function" && listener.name === NODE_PRINTER;
}

/**
 * Logs uncaught exceptions and unhandled rejections under `node.uncaught` at fatal. Only watches: the process ends as it
 * would have, with the same code and Node's report of it, and a handler of the application's own is called as before. A
 * rejection that the application handles by `unhandledRejection` isn't uncaught and isn't logged.
 *
 * @returns takes it back
 * @example
 * bridgeUncaught();
 * throw new Error("boom"); // logged, then the process ends with code 1
 */
export function bridgeUncaught(options: ProcessBridgeOptions = {}): () => void {
  const inlet = openInlet(options.polylog);
  const events: EventEmitter = options.process ?? process;

  // Rejections come here too. A listener for them would count as having handled them, and keep the process alive.
  function log(thrown: unknown, origin: string): void {
    if (!inlet.isEnabled(UNCAUGHT, "fatal")) return;
    const kind = origin === "unhandledRejection" ? "unhandled rejection" : "uncaught exception";
    const message = `${kind}: ${messageOf(thrown)}`;
    inlet.emit({ logger: UNCAUGHT, level: "fatal", message, error: thrown, metadata: { origin } });
  }

  events.on("uncaughtExceptionMonitor", log);
  return () => void events.off("uncaughtExceptionMonitor", log);
}
