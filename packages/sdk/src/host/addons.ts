import { createRequire } from "node:module";
import { messageOf } from "../format/error.ts";
import type { Problems } from "../problems.ts";

/** Where addons and the SDK find one another, whichever is loaded first; `crates/polylog/src/host` has the other half. */
const PLACE = Symbol.for("polylog.v1.native");

/** What lies at that place. */
export interface AddonHub {
  /** Addons that came before the SDK. */
  readonly waiting: unknown[];
  connect?: ((addon: unknown) => void) | undefined;
}

export function addonHub(): AddonHub {
  const shared = globalThis as { [PLACE]?: AddonHub };
  shared[PLACE] ??= { waiting: [] };
  return shared[PLACE];
}

/**
 * Loads `polylog/native` when there is an addon, which then takes it: programs without one do without its decoder. At once,
 * because what an addon logs may be followed by the end of the process.
 */
export function findAddons(problems: Problems): void {
  const hub = addonHub();
  const load = () => {
    try {
      createRequire(import.meta.url)("polylog/native");
    } catch (error) {
      // A bundle has to bring it along.
      problems.tell("POLYLOG_E_NATIVE", "", `an addon needs polylog/native, import it: ${messageOf(error)}`);
    }
  };
  hub.connect ??= (addon) => {
    hub.waiting.push(addon);
    load();
  };
  if (hub.waiting.length > 0) load();
}
