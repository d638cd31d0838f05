import { createRequire } from "node:module";

interface Builtins {
  readonly "node:child_process": typeof import("node:child_process");
  readonly "node:fs": typeof import("node:fs");
  readonly "node:os": typeof import("node:os");
  readonly "node:zlib": typeof import("node:zlib");
}

/** From anywhere: what is asked for lies in no folder. */
const load = createRequire(process.execPath);

/**
 * A module of Node, loaded when it is asked for: what few programs need costs the others no time at their start, and
 * bundles for browsers don't name it; where there is no process it is `undefined`. As `process.getBuiltinModule`, which Node has from 20.16
 * and 22.3 on.
 */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  return globalThis.process === undefined ? undefined : (load(name) as Builtins[Name]);
}
