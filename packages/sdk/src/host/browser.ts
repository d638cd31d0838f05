import type { Host } from "../core/host.ts";
import type { ActiveContext } from "../logger/active-context.ts";
import { consoleSink } from "../sinks/console.ts";

interface PageEvents {
  readonly addEventListener?: (name: string, listener: () => void) => void;
}

/**
 * A browser: the console instead of streams. There is no AsyncLocalStorage, so a context holds for the synchronous part
 * of the work only.
 */
export function browserHost(): Host {
  let active: ActiveContext | undefined;
  return {
    system: "browser",
    environment: {},
    now: Date.now,
    carrier: {
      run(context, work) {
        const outer = active;
        active = context;
        try {
          return work();
        } finally {
          active = outer;
        }
      },
      get: () => active,
    },
    tell: (line) => console.warn(line.trimEnd()),
    streamSink: () => consoleSink(),
    isColorful: () => false,
    onEnd(end) {
      // The last event that a page is sure to get (Page Lifecycle).
      (globalThis as PageEvents).addEventListener?.("pagehide", () => end(true));
    },
  };
}
