import { createRequire } from "node:module";
import { messageOf } from "../format/error.ts";
import type { Polylog } from "../polylog.ts";

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

/** Has addons taken in by `connect`: those that are there, and those that come. */
export function takeAddons(hub: AddonHub, connect: (addon: unknown) => void): void {
  hub.connect = connect;
  for (const addon of hub.waiting.splice(0)) connect(addon);
}

interface Native {
  connectNative(addon: unknown, options: { readonly polylog: Polylog }): void;
}

/**
 * Loads `polylog/native` when there is an addon: programs without one do without its decoder. At once, because what an
 * addon logs may be followed by the end of the process.
 */
export function findAddons(polylog: Polylog): void {
  const hub = addonHub();
  const connect = (addon: unknown) => {
    try {
      const native = createRequire(import.meta.url)("polylog/native") as Native;
      native.connectNative(addon, { polylog });
    } catch (error) {
      // It may come yet: a bundle has to bring it along.
      hub.waiting.push(addon);
      polylog.problems.tell(
        "POLYLOG_E_NATIVE",
        "load",
        `a native addon logs by Polylog, but polylog/native could not be loaded; import it where the program begins: ${messageOf(error)}`,
      );
    }
  };
  if (hub.connect === undefined) takeAddons(hub, connect);
}
