import { openInlet } from "../bridges/inlet.ts";
import { PolylogError } from "../errors.ts";
import { messageOf } from "../format/error.ts";
import { consoleSink } from "../sinks/console.ts";
import type { Sink } from "../sinks/sink.ts";

/** Stands in for `captures.ts` in the bundle for browsers. */

interface PageEvent {
  readonly type: string;
  /** Of an error. */
  readonly error?: unknown;
  /** Of a rejection. */
  readonly reason?: unknown;
}

interface Page {
  addEventListener(name: string, listener: (event: PageEvent) => void): void;
  removeEventListener(name: string, listener: (event: PageEvent) => void): void;
}

export const printer = (): Sink => consoleSink();

/** Logs errors that nobody caught and rejections that nobody handled, as `bridgeUncaught` does in Node. */
export function captureErrors(): () => void {
  const inlet = openInlet();
  const page = globalThis as unknown as Page;
  const log = ({ type, reason, error: thrown = reason }: PageEvent) => {
    // Scripts of other origins don't show what they threw.
    if (thrown === undefined || !inlet.isEnabled("page.uncaught", "error")) return;
    const kind = type === "error" ? "uncaught exception" : "unhandled rejection";
    inlet.emit({
      logger: "page.uncaught",
      level: "error",
      message: `${kind}: ${messageOf(thrown)}`,
      error: thrown,
    });
  };
  const events = ["error", "unhandledrejection"];
  for (const name of events) page.addEventListener(name, log);
  return () => {
    for (const name of events) page.removeEventListener(name, log);
  };
}

export function captureConsole(): never {
  throw new PolylogError("POLYLOG_E_CONFIG", "captureConsole needs Node.js, and this is a browser", {
    remedy: "Leave it out.",
  });
}
