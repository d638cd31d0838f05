import { bridgeConsole } from "./bridges/console.ts";
import { bridgeUncaught } from "./bridges/process.ts";
import type { Sink } from "./sinks/sink.ts";
import { streamSink } from "./sinks/stream.ts";

/** What `init` shows and takes in beside what is logged: in Node. Browsers have `browser/captures.ts`. */

export const printer = (): Sink => streamSink("stderr");

/** @returns takes it back */
export const captureErrors = (): (() => void) => bridgeUncaught();

/** @returns takes it back */
export const captureConsole = (): (() => void) => bridgeConsole();
