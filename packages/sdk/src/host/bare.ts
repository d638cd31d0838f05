import { AsyncLocalStorage } from "node:async_hooks";
import type { Host } from "../core/host.ts";
import type { ActiveContext } from "../logger/active-context.ts";

/**
 * A host with nothing around it: no environment, no streams, no signals. For loggers that are kept apart from those of the
 * process, as tests need them.
 *
 * @example
 * const polylog = createPolylog(bareHost({ now: () => 0 }));
 */
export function bareHost(changes: Partial<Host> = {}): Host {
  const storage = new AsyncLocalStorage<ActiveContext>();
  return {
    system: "node",
    environment: {},
    now: Date.now,
    carrier: { run: (context, work) => storage.run(context, work), get: () => storage.getStore() },
    tell: () => {},
    streamSink: () => () => {},
    isColorful: () => false,
    ...changes,
  };
}
