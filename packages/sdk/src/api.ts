import { createPolylog } from "./core/create-polylog.ts";
import { nodeHost } from "./host/node.ts";
import type { Polylog } from "./polylog.ts";

/**
 * Where the one Polylog of a process is kept: the ECMAScript module and its CommonJS twin, and other copies of the package,
 * share it.
 */
const PLACE = Symbol.for("polylog.v1");

const shared = globalThis as { [PLACE]?: Polylog };

shared[PLACE] ??= createPolylog(nodeHost());

/** The loggers of this process. */
export const polylog: Polylog = shared[PLACE];
