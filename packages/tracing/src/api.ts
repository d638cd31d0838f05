import { tellPeople } from "./tell.ts";
import { createTracing, type Tracing } from "./tracing.ts";

/** Where the tracing of a process is kept: the ECMAScript module and its CommonJS twin share it. */
const PLACE = Symbol.for("polylog.tracing.v1");

const shared = globalThis as { [PLACE]?: Tracing };

shared[PLACE] ??= createTracing({ environment: process.env, tell: tellPeople });

/** The tracing of this process. */
export const tracing: Tracing = shared[PLACE];
