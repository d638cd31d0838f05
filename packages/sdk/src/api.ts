import { createPolylog } from "./core/create-polylog.ts";
import { nodeHost } from "./host/node.ts";
import type { Polylog } from "./polylog.ts";

/**
 * Where the one Polylog of a process is kept: the ECMAScript module and its CommonJS twin, and other copies of the package,
 * share it.
 */
const PLACE = Symbol.for("polylog.v1");

const shared = globalThis as { [PLACE]?: Polylog };

/** The loggers of this process. */
export const polylog: Polylog = shared[PLACE] ?? start();

function start(): Polylog {
  const host = nodeHost();
  const made = createPolylog(host);
  shared[PLACE] = made;
  // Only now: what an addon has waiting comes in at once.
  host.findAddons?.(made.problems);
  return made;
}
